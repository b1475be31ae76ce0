import { createFileRoute } from "@tanstack/react-router";
import { AlertsPage } from "@/features/alerts/AlertsPage";
import { text } from "./-search";

export const Route = createFileRoute("/_app/alerts")({
	validateSearch: (search: Record<string, unknown>) => text(search, "alert"),
	component: Alerts,
});

function Alerts() {
	const { alert } = Route.useSearch();
	const navigate = Route.useNavigate();
	return (
		<AlertsPage
			open={alert}
			onOpen={(id) =>
				navigate({
					search: (old) => ({ ...old, alert: id }),
					replace: alert !== undefined,
					resetScroll: false,
				})
			}
		/>
	);
}
