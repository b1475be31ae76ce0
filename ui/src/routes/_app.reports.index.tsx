import { createFileRoute } from "@tanstack/react-router";
import { ReportsPage } from "@/features/reports/ReportsPage";
import type { ReportsSearch } from "@/features/reports/search";
import { DEFAULT_RANGE } from "@/shared/range";
import { text } from "./-search";

export const Route = createFileRoute("/_app/reports/")({
	validateSearch: (search: Record<string, unknown>): ReportsSearch => ({
		...(search.report === "new" && { report: "new" }),
		...((search.tab === "schedules" || search.tab === "sent" || search.tab === "templates") && {
			tab: search.tab,
		}),
		...text(search, "schedule", "sending", "template"),
	}),
	component: Reports,
});

function Reports() {
	const { range = DEFAULT_RANGE, ...search } = Route.useSearch();
	const navigate = Route.useNavigate();
	const { report, schedule, sending, template } = search;
	return (
		<ReportsPage
			search={search}
			range={range}
			onSearch={(change) =>
				navigate({
					search: (old) => ({ ...old, ...change }),
					replace: !("tab" in change) && (report ?? schedule ?? sending ?? template) !== undefined,
					resetScroll: false,
				})
			}
			onOpen={(reportId) => navigate({ to: "/reports/$reportId", params: { reportId } })}
		/>
	);
}
