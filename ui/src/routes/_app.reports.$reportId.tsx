import { createFileRoute } from "@tanstack/react-router";
import { ReportPage } from "@/features/reports/ReportPage";
import { text } from "./-search";

export const Route = createFileRoute("/_app/reports/$reportId")({
	validateSearch: (search: Record<string, unknown>): { figure?: string; panel?: "share" } => ({
		...text(search, "figure"),
		...(search.panel === "share" && { panel: "share" }),
	}),
	component: Report,
});

function Report() {
	const { reportId } = Route.useParams();
	const { figure, panel } = Route.useSearch();
	const navigate = Route.useNavigate();
	return (
		<ReportPage
			key={reportId}
			id={reportId}
			figure={figure}
			onFigure={(key) =>
				navigate({
					search: (old) => ({ ...old, figure: key }),
					replace: figure !== undefined,
					resetScroll: false,
				})
			}
			sharing={panel === "share"}
			onShare={(sharing) =>
				navigate({
					search: (old) => ({ ...old, panel: sharing ? "share" : undefined }),
					replace: !sharing,
					resetScroll: false,
				})
			}
			onBack={() => navigate({ to: "/reports" })}
		/>
	);
}
