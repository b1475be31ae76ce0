import { createFileRoute } from "@tanstack/react-router";
import { sessionOptions } from "@/api/session";
import { InvitationPage } from "@/features/identity/InvitationPage";

export const Route = createFileRoute("/invitation/$token")({ component: Invitation });

function Invitation() {
	const { token } = Route.useParams();
	const { queryClient } = Route.useRouteContext();
	const navigate = Route.useNavigate();
	return (
		<InvitationPage
			token={token}
			onSignedIn={(session) => {
				queryClient.clear();
				queryClient.setQueryData(sessionOptions.queryKey, session);
				void navigate({ to: "/", replace: true });
			}}
		/>
	);
}
