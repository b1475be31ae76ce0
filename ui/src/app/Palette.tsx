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
import { useEffect } from "react";
import { listStoriesOptions } from "@/api/generated/@tanstack/react-query.gen";
import { failed, sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { useFocusBack } from "@/shared/focusBack";
import { useNavigation } from "./navigation";

const [store, palette] = createSpotlight();

type Props = {
	/** What stands in the field; the first of it may have been typed before the palette was there. */
	text: string;
	onText: (text: string) => void;
	onClose: () => void;
	onShowKeys: () => void;
};

/** Go anywhere, do the usual things, find a story. Loaded when it is first asked for. */
export default function Palette({ text, onText, onClose, onShowKeys }: Props) {
	useFocusBack();
	const navigate = useNavigate();
	const navigation = useNavigation();
	const { toggleColorScheme } = useMantineColorScheme();
	const may = useCan("analyst");
	const mayFind = useCan("viewer");
	useEffect(() => {
		palette.open();
		return palette.close;
	}, []);
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
	const asks = mayFind && text.trim().length > 1;
	const nothing =
		asks && (q !== text.trim() || stories.isFetching)
			? "Searching…"
			: asks && failed(stories)
				? `Stories could not be searched. ${sentence(stories.error)}`
				: "Nothing found";
	return (
		<Spotlight
			store={store}
			shortcut={null}
			onSpotlightClose={onClose}
			query={text}
			onQueryChange={onText}
			attributes={{
				content: { "aria-label": "Search or jump to", "data-palette": true, "data-own-keys": true },
			}}
			nothingFound={nothing}
			searchProps={{
				placeholder: "Search or jump to…",
				"aria-label": "Search or jump to",
				leftSection: <Search size={18} />,
				onFocus: ({ currentTarget: { value }, currentTarget }) =>
					currentTarget.setSelectionRange(value.length, value.length),
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
