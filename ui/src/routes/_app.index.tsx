import { createFileRoute, redirect } from "@tanstack/react-router";
import { listBrandsOptions } from "@/api/generated/@tanstack/react-query.gen";
import { reaches, sessionOf } from "@/api/session";

/** The stories; for guests the reports that were shared; for whoever has no brand yet and may watch one, the first steps. */
export const Route = createFileRoute("/_app/")({
	beforeLoad: async ({ context }) => {
		const { organization } = await sessionOf(context.queryClient);
		if (organization.role === "guest") throw redirect({ to: "/reports", replace: true });
		if (!reaches(organization.role, "analyst")) throw redirect({ to: "/stories", replace: true });
		const brands = await context.queryClient.ensureQueryData(listBrandsOptions());
		throw redirect({ to: brands.items.length === 0 ? "/welcome" : "/stories", replace: true });
	},
});
