import { createFileRoute, redirect } from "@tanstack/react-router";
import { listBrandsOptions } from "@/api/generated/@tanstack/react-query.gen";
import { sessionOptions } from "@/api/session";

/** The stories; for guests the reports that were shared; for whoever has no brand yet, the first steps. */
export const Route = createFileRoute("/_app/")({
	beforeLoad: async ({ context }) => {
		const { organization } = await context.queryClient.ensureQueryData(sessionOptions);
		if (organization.role === "guest") throw redirect({ to: "/reports", replace: true });
		const brands = await context.queryClient.ensureQueryData(listBrandsOptions());
		throw redirect({ to: brands.items.length === 0 ? "/welcome" : "/stories", replace: true });
	},
});
