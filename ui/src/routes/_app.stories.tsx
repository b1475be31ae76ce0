import { Button } from "@mantine/core";
import { createFileRoute, Link } from "@tanstack/react-router";
import { useCallback } from "react";
import { useCan } from "@/api/session";
import { StoriesPage } from "@/features/mentions/StoriesPage";
import { type StoriesSearch, VIEWS, type View } from "@/features/mentions/search";
import { DEFAULT_RANGE } from "@/shared/range";
import { TONES, type ToneName } from "@/shared/Tone";
import { text } from "./-search";

export const Route = createFileRoute("/_app/stories")({
	validateSearch: (search: Record<string, unknown>): StoriesSearch => ({
		...text(search, "q", "brand", "tag", "topic", "story"),
		...(search.deeds === true && { deeds: true as const }),
		...(search.single === true && { single: true as const }),
		...(search.otherwise === true && { otherwise: true as const }),
		...(VIEWS.includes(search.view as View) && { view: search.view as View }),
		...(String(search.tone) in TONES && { tone: search.tone as ToneName }),
		...(Number(search.sure) > 0 && Number(search.sure) <= 1 && { sure: Number(search.sure) }),
	}),
	component: Stories,
});

function Stories() {
	const search = Route.useSearch();
	const navigate = Route.useNavigate();
	const maySetUp = useCan("analyst");
	const open = search.story;
	const onSearch = useCallback(
		(change: Partial<StoriesSearch>) =>
			navigate({
				search: (old) => ({ ...old, ...change }),
				// Opening a panel is a step that Back undoes; going on to the neighbour, or filtering, is not.
				replace: (!("story" in change) && !change.deeds) || open !== undefined,
				resetScroll: false,
			}),
		[navigate, open],
	);
	return (
		<StoriesPage
			search={search}
			range={search.range ?? DEFAULT_RANGE}
			onSearch={onSearch}
			onAllTime={() => navigate({ search: (old) => ({ ...old, range: "all" }) })}
			setUp={
				maySetUp && (
					<Button renderRoot={(props) => <Link to="/welcome" {...props} />}>Set up step by step</Button>
				)
			}
		/>
	);
}
