import { createFileRoute, redirect, retainSearchParams } from "@tanstack/react-router";
import { isProblem } from "@/api/problems";
import { hasSessionEnded, sessionOptions } from "@/api/session";
import { Shell } from "@/app/Shell";
import { isRange, type Range } from "@/shared/range";

type Search = { range?: Range };

/** Everything behind the door: asks who is signed in before anything is shown. */
export const Route = createFileRoute("/_app")({
	validateSearch: ({ range }: Record<string, unknown>): Search => (isRange(range) ? { range } : {}),
	search: { middlewares: [retainSearchParams(["range"])] },
	beforeLoad: async ({ context, location }) => {
		try {
			if (hasSessionEnded()) await context.queryClient.fetchQuery({ ...sessionOptions, staleTime: 0 });
			else await context.queryClient.ensureQueryData(sessionOptions);
		} catch (error) {
			if (!isProblem(error) || error.status !== 401) throw error;
			throw redirect({ to: "/sign-in", search: { next: location.href } });
		}
	},
	component: Shell,
});
