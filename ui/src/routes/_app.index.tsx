import { createFileRoute, redirect } from "@tanstack/react-router";
import { listBrandsOptions } from "@/api/generated/@tanstack/react-query.gen";

/** The stories; for whoever has no brand yet, the first steps. */
export const Route = createFileRoute("/_app/")({
	beforeLoad: async ({ context }) => {
		const brands = await context.queryClient.ensureQueryData(listBrandsOptions());
		throw redirect({ to: brands.items.length === 0 ? "/welcome" : "/stories", replace: true });
	},
});
