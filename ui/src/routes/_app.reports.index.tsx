import { createFileRoute } from "@tanstack/react-router";
import { ReportsPage } from "@/features/reports/ReportsPage";
import { DEFAULT_RANGE } from "@/shared/range";

export const Route = createFileRoute("/_app/reports/")({
	validateSearch: ({ report }: Record<string, unknown>): { report?: "new" } =>
		report === "new" ? { report } : {},
	component: Reports,
});

function Reports() {
	const { report, range = DEFAULT_RANGE } = Route.useSearch();
	const navigate = Route.useNavigate();
	return (
		<ReportsPage
			asking={report === "new"}
			range={range}
			onAsk={(asking) =>
				navigate({ search: (old) => ({ ...old, report: asking ? "new" : undefined }), replace: !asking })
			}
			onOpen={(reportId) => navigate({ to: "/reports/$reportId", params: { reportId } })}
		/>
	);
}
