import "@mantine/spotlight/styles.layer.css";
import { useMantineColorScheme } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import {
	createSpotlight,
	Spotlight,
	type SpotlightActionData,
	type SpotlightActionGroupData,
} from "@mantine/spotlight";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Contrast, FileChartColumn, Keyboard, Newspaper, Plus, Search, Sparkles } from "lucide-react";
import { useEffect, useState } from "react";
import { listStoriesOptions } from "@/api/generated/@tanstack/react-query.gen";
import { useCan } from "@/api/session";
import { useNavigation } from "./navigation";

const [store, palette] = createSpotlight();

type Props = { onClose: () => void; onShowKeys: () => void };

/** Go anywhere, do the usual things, find a story. Loaded when it is first asked for. */
export default function Palette({ onClose, onShowKeys }: Props) {
	const navigate = useNavigate();
	const navigation = useNavigation();
	const { toggleColorScheme } = useMantineColorScheme();
	const may = useCan("analyst");
	const mayFind = useCan("viewer");
	const [text, setText] = useState("");
	useEffect(palette.open, []);
	const [q] = useDebouncedValue(text.trim(), 200);
	const stories = useQuery({
		...listStoriesOptions({ query: { q, limit: 6 } }),
		enabled: mayFind && q.length > 1,
		placeholderData: keepPreviousData,
	});

	const groups: SpotlightActionGroupData[] = [
		{
			group: "Go to",
			actions: navigation.flatMap(({ items }) =>
				items.map(({ to, label, icon: Icon }) =>
					action(label, <Icon size={18} strokeWidth={1.8} />, () => navigate({ to })),
				),
			),
		},
		{
			group: "Do",
			actions: [
				...(may
					? [
							action("Follow a feed", <Plus size={18} />, () =>
								navigate({ to: "/feeds", search: { feed: "new" } }),
							),
							action("Watch a brand", <Plus size={18} />, () =>
								navigate({ to: "/brands", search: { brand: "new" } }),
							),
							action("Make a report", <FileChartColumn size={18} />, () =>
								navigate({ to: "/reports", search: { report: "new" } }),
							),
							action("Set up step by step", <Sparkles size={18} />, () => navigate({ to: "/welcome" })),
						]
					: []),
				action("Switch light and dark", <Contrast size={18} />, () => toggleColorScheme()),
				action("Show the keys", <Keyboard size={18} />, () => setTimeout(onShowKeys)),
			],
		},
	];
	if (q.length > 1 && stories.data && stories.data.items.length > 0) {
		groups.push({
			group: "Stories",
			actions: stories.data.items.map(({ id, title, headline }) => ({
				...action(title, <Newspaper size={18} strokeWidth={1.8} />, () =>
					navigate({ to: "/stories", search: { story: id } }),
				),
				id,
				description: headline.outlet || headline.site,
				keywords: [text],
			})),
		});
	}
	return (
		<Spotlight
			store={store}
			shortcut={null}
			onSpotlightClose={onClose}
			query={text}
			onQueryChange={setText}
			attributes={{ content: { "aria-label": "Search or jump to" } }}
			nothingFound={stories.isFetching ? "Searching…" : "Nothing found"}
			searchProps={{
				placeholder: "Search or jump to…",
				"aria-label": "Search or jump to",
				leftSection: <Search size={18} />,
			}}
			actions={groups}
			scrollable
			maxHeight={480}
			transitionProps={{ duration: 120 }}
		/>
	);
}

function action(label: string, leftSection: React.ReactNode, onClick: () => void): SpotlightActionData {
	return { id: label, label, leftSection, onClick };
}
