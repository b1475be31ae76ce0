import { createFileRoute } from "@tanstack/react-router";
import { JobsPage, type JobsSearch, type JobsTab } from "@/features/jobs/JobsPage";
import { text } from "./-search";

export const Route = createFileRoute("/_app/jobs")({
	validateSearch: (search: Record<string, unknown>): JobsSearch => ({
		...text(search, "run", "schedule", "state", "again", "stuck"),
		...(["dead", "schedules", "calendar"].includes(String(search.tab)) && { tab: search.tab as JobsTab }),
	}),
	component: Jobs,
});

function Jobs() {
	const search = Route.useSearch();
	const navigate = Route.useNavigate();
	return (
		<JobsPage
			search={search}
			onSearch={(change) =>
				navigate({
					search: (old) => ({ ...old, ...change }),
					replace: search.run !== undefined || search.schedule !== undefined || search.stuck !== undefined,
					resetScroll: false,
				})
			}
		/>
	);
}
