import { createFileRoute } from "@tanstack/react-router";
import { type Answer, ConnectingPage } from "@/features/ads/ConnectingPage";
import { text } from "./-search";

export const Route = createFileRoute("/_app/ad-accounts/connecting")({
	validateSearch: (search: Record<string, unknown>): Answer =>
		text(search, "state", "code", "error", "error_description"),
	component: Connecting,
});

function Connecting() {
	const answer = Route.useSearch();
	const navigate = Route.useNavigate();
	return (
		<ConnectingPage
			answer={answer}
			onDone={(login) => navigate({ to: "/ad-accounts", search: { login }, replace: true })}
			onBack={() => navigate({ to: "/ad-accounts", search: {} })}
		/>
	);
}
