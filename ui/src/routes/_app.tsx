import { createFileRoute, redirect, retainSearchParams } from "@tanstack/react-router";
import { isProblem } from "@/api/problems";
import { hasSessionEnded, isElsewhere, sessionOptions } from "@/api/session";
import { Shell } from "@/app/Shell";
import { isRange, type Range } from "@/shared/range";

type Search = { range?: Range };

/** Everything behind the door: asks who is signed in before anything is shown. */
export const Route = createFileRoute("/_app")({
	validateSearch: ({ range }: Record<string, unknown>): Search => (isRange(range) ? { range } : {}),
	search: { middlewares: [retainSearchParams(["range"])] },
	beforeLoad: async ({ context, location }) => {
		// Whoever stayed for something unsaved is done with it.
		if (isElsewhere()) throw redirect({ href: "/", reloadDocument: true });
		const { queryClient } = context;
		const session = await (hasSessionEnded()
			? queryClient.fetchQuery({ ...sessionOptions, staleTime: 0 })
			: queryClient.ensureQueryData(sessionOptions)
		).catch((error) => {
			if (!isProblem(error) || error.status !== 401) throw error;
			throw redirect({ to: "/sign-in", search: { next: location.href } });
		});
		if (!session.organization) throw redirect({ to: "/no-organization", replace: true });
	},
	component: Shell,
});
