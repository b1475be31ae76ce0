import { createFileRoute, redirect } from "@tanstack/react-router";
import { isProblem } from "@/api/problems";
import { sessionOptions } from "@/api/session";
import { NoOrganizationPage } from "@/features/identity/NoOrganizationPage";

export const Route = createFileRoute("/no-organization")({
	beforeLoad: async ({ context }) => {
		const session = await context.queryClient
			.fetchQuery({ ...sessionOptions, staleTime: 0 })
			.catch((error) => {
				if (!isProblem(error) || error.status !== 401) throw error;
				throw redirect({ to: "/sign-in", replace: true });
			});
		if (session.organization) throw redirect({ to: "/", replace: true });
		return { user: session.user };
	},
	component: NoOrganization,
});

function NoOrganization() {
	const { user } = Route.useRouteContext();
	const navigate = Route.useNavigate();
	return (
		<NoOrganizationPage
			user={user}
			onInvitation={(token) => navigate({ to: "/invitation/$token", params: { token } })}
		/>
	);
}
