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
			onDone={(login, from) => navigate({ to: "/ad-accounts", search: { login, ...from }, replace: true })}
			onBack={({ from, account }) =>
				from
					? navigate({ to: "/brands", search: { brand: from, tab: "ads" } })
					: navigate({ to: "/ad-accounts", search: account ? { account } : {} })
			}
		/>
	);
}
