import { createFileRoute } from "@tanstack/react-router";
import { FeedsPage } from "@/features/feeds/FeedsPage";
import { type FeedsSearch, TABS } from "@/features/feeds/search";
import { text } from "./-search";

export const Route = createFileRoute("/_app/feeds")({
	validateSearch: (search: Record<string, unknown>): FeedsSearch => ({
		...text(search, "feed", "q"),
		...(TABS.includes(search.tab as (typeof TABS)[number]) && { tab: search.tab as (typeof TABS)[number] }),
	}),
	component: Feeds,
});

function Feeds() {
	const search = Route.useSearch();
	const navigate = Route.useNavigate();
	return (
		<FeedsPage
			search={search}
			onSearch={(change) =>
				navigate({
					search: (old) => ({ ...old, ...change }),
					replace: "q" in change || search.feed !== undefined,
					resetScroll: false,
				})
			}
		/>
	);
}
