import { createFileRoute } from "@tanstack/react-router";
import { TopicsPage } from "@/features/topics/TopicsPage";
import { text } from "./-search";

export const Route = createFileRoute("/_app/topics")({
	validateSearch: (search: Record<string, unknown>) => text(search, "topic"),
	component: Topics,
});

function Topics() {
	const { topic } = Route.useSearch();
	const navigate = Route.useNavigate();
	return (
		<TopicsPage
			open={topic}
			onOpen={(id) =>
				navigate({
					search: (old) => ({ ...old, topic: id }),
					replace: topic !== undefined,
					resetScroll: false,
				})
			}
		/>
	);
}
