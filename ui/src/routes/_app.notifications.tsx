import { createFileRoute } from "@tanstack/react-router";
import { NotificationsPage } from "@/features/notifications/NotificationsPage";
import { type NotificationsSearch, SEVERITIES, SPANS } from "@/features/notifications/search";
import { text } from "./-search";

export const Route = createFileRoute("/_app/notifications")({
	validateSearch: (search: Record<string, unknown>): NotificationsSearch => {
		const severity = SEVERITIES.find((one) => one === search.severity);
		const since = SPANS.find((one) => one === search.since);
		return {
			...text(search, "q", "kind", "notice"),
			...(severity && { severity }),
			...(since && { since }),
			...(search.unread === true && { unread: true }),
		};
	},
	component: Notifications,
});

function Notifications() {
	const search = Route.useSearch();
	const navigate = Route.useNavigate();
	return (
		<NotificationsPage
			search={search}
			onSearch={(change) =>
				navigate({
					search: (old) => ({ ...old, ...change }),
					replace: search.notice !== undefined,
					resetScroll: false,
				})
			}
		/>
	);
}
