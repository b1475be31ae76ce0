import { Anchor } from "@mantine/core";
import { createFileRoute, Link } from "@tanstack/react-router";
import { enter } from "@/api/session";
import { InvitationPage } from "@/features/identity/InvitationPage";

export const Route = createFileRoute("/invitation/$token")({ component: Invitation });

function Invitation() {
	const { token } = Route.useParams();
	const { queryClient } = Route.useRouteContext();
	const navigate = Route.useNavigate();
	return (
		<InvitationPage
			token={token}
			signIn={<Anchor renderRoot={(props) => <Link to="/sign-in" {...props} />}>Sign in</Anchor>}
			onSignedIn={(session) => {
				enter(queryClient, session);
				void navigate({ to: "/", replace: true });
			}}
		/>
	);
}
