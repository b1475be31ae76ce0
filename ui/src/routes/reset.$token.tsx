import { Anchor } from "@mantine/core";
import { createFileRoute, Link } from "@tanstack/react-router";
import { enter } from "@/api/session";
import { ResetPage } from "@/features/identity/ResetPage";

export const Route = createFileRoute("/reset/$token")({ component: Reset });

function Reset() {
	const { token } = Route.useParams();
	const { queryClient } = Route.useRouteContext();
	const navigate = Route.useNavigate();
	return (
		<ResetPage
			token={token}
			signIn={<Anchor renderRoot={(props) => <Link to="/sign-in" {...props} />}>Sign in</Anchor>}
			onSignedIn={(session) => {
				enter(queryClient, session);
				void navigate({ to: "/", replace: true });
			}}
		/>
	);
}
