import { createFileRoute } from "@tanstack/react-router";
import { LogsPage } from "@/features/logs/LogsPage";
import { type LogsSearch, parseSearch } from "@/features/logs/search";

export const Route = createFileRoute("/_app/logs")({
	validateSearch: (search: Record<string, unknown>): LogsSearch => parseSearch(search),
	component: Logs,
});

function Logs() {
	const search = Route.useSearch();
	const navigate = Route.useNavigate();
	return (
		<LogsPage
			search={search}
			onSearch={(change) =>
				navigate({
					search: (old) => ({ ...old, ...change }),
					replace: search.line !== undefined || "q" in change || "live" in change,
					resetScroll: false,
				})
			}
		/>
	);
}
