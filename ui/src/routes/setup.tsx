import { Anchor } from "@mantine/core";
import { createFileRoute, Link } from "@tanstack/react-router";
import { enter } from "@/api/session";
import { SetupPage } from "@/features/identity/SetupPage";
import { text } from "./-search";

export const Route = createFileRoute("/setup")({
	validateSearch: (search: Record<string, unknown>) => text(search, "token"),
	component: Setup,
});

function Setup() {
	const { token } = Route.useSearch();
	const { queryClient } = Route.useRouteContext();
	const navigate = Route.useNavigate();
	return (
		<SetupPage
			token={token ?? ""}
			signIn={<Anchor renderRoot={(props) => <Link to="/sign-in" {...props} />}>Sign in</Anchor>}
			onSignedIn={(session) => {
				enter(queryClient, session);
				void navigate({ to: "/welcome", search: {}, replace: true });
			}}
		/>
	);
}
