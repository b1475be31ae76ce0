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
		...(search.view === "archived" && { view: "archived" as const }),
		...(search.deeds === true && { deeds: true as const }),
		...text(search, "schedule", "sending", "template", "q", "tag"),
	}),
	component: Reports,
});

function Reports() {
	const { range = DEFAULT_RANGE, ...search } = Route.useSearch();
	const navigate = Route.useNavigate();
	const { report, schedule, sending, template, deeds } = search;
	const open = (report ?? schedule ?? sending ?? template ?? deeds) !== undefined;
	return (
		<ReportsPage
			search={search}
			range={range}
			onSearch={(change) =>
				navigate({
					search: (old) => ({ ...old, ...change }),
					// Opening a panel or another list is a step that Back undoes; filtering, or going on in a panel, is not.
					replace: !("tab" in change || "view" in change) && (open || "q" in change || "tag" in change),
					resetScroll: false,
				})
			}
			onOpen={(reportId) => navigate({ to: "/reports/$reportId", params: { reportId } })}
		/>
	);
}
