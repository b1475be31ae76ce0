import { Button, Select, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { History, Newspaper, SearchX } from "lucide-react";
import { type ReactNode, useCallback, useState } from "react";
import { listBrandsOptions, listTopicsOptions } from "@/api/generated/@tanstack/react-query.gen";
import type { StoryCounts } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { useCan, useSession } from "@/api/session";
import { Filters, Words } from "@/shared/Filters";
import { useKeys, useNeighbourKeys, useNext } from "@/shared/keys";
import { later } from "@/shared/later";
import { plural } from "@/shared/numbers";
import { Page } from "@/shared/Page";
import { moments, type Range } from "@/shared/range";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { TabCount, TabLine } from "@/shared/TabLine";
import { TONES, type ToneName } from "@/shared/Tone";
import { type Filter, useTags } from "./deeds";
import { useStories, useStoryCounts, type Wanted } from "./queries";
import classes from "./StoriesPage.module.css";
import { StoryList } from "./StoryList";
import { type StoriesSearch, VIEWS, type View } from "./search";
import { useDeeds } from "./useDeeds";
import { useSelection } from "./useSelection";

const ABOUT: Record<View, string> = {
	inbox: "What is said about your brands, one line a story",
	doubtful: "Is it the brand? Your y or n decides",
	starred: "Kept at hand",
	archived: "Put away, still searchable",
	rejected: "Found, but not your brand. Check now and then that nothing is missed",
};

const MentionList = later(async () => (await import("./MentionList")).MentionList);
const Ways = later(async () => (await import("./MentionList")).Ways);
const DeedsPanel = later(async () => (await import("./DeedsPanel")).DeedsPanel);
const SelectionBar = later(async () => (await import("./SelectionBar")).SelectionBar);
const StoryPanel = later(async () => (await import("./StoryPanel")).StoryPanel);

type Props = {
	search: StoriesSearch;
	range: Range;
	onSearch: (change: Partial<StoriesSearch>) => void;
	onAllTime: () => void;
	setUp: ReactNode;
};

export function StoriesPage({ search, range, onSearch, onAllTime, setUp }: Props) {
	const { view = "inbox", q, brand, tone, tag, topic, sure, story: open, deeds, single, otherwise } = search;
	const zone = useSession().organization.time_zone;
	const may = useCan("analyst");
	const wanted: Wanted = {
		view,
		limit: 30,
		...moments(range, zone),
		...(q && { q }),
		...(brand && { brand: [brand] }),
		...(tone && { tone: [tone] }),
		...(tag && { tag: [tag] }),
		...(topic && { topic }),
		...(sure && { min_confidence: sure }),
	};
	const filter: Filter = {
		view,
		...moments(range, zone),
		...(q && { q }),
		...(brand && { brands: [brand] }),
		...(tone && { tones: [tone] }),
		...(tag && { tags: [tag] }),
		...(topic && { topic }),
		...(sure && { min_confidence: sure }),
	};
	const list = useStories(wanted);
	const counts = useStoryCounts();
	const { act, hand, undo, takenBack, busy } = useDeeds();
	const stories = list.data?.pages.flatMap((page) => page.items) ?? [];
	const ids = stories.map(({ id }) => id);
	const onOpen = useCallback((id: string) => onSearch({ story: id }), [onSearch]);
	/** Mentions one by one have their own keys. */
	const oneByOne = view === "rejected" || (view === "doubtful" && (single === true || otherwise === true));
	useNeighbourKeys(oneByOne ? [] : ids, open, onOpen);
	const next = useNext(ids, open, onOpen);

	const selection = useSelection(JSON.stringify(filter), ids);
	const choosing = may && !oneByOne && selection.ids.size > 0;
	const [tagging, setTagging] = useState(false);
	const current = stories.find(({ id }) => id === open);
	useKeys({
		...(may && {
			...(!oneByOne && {
				x: () => open && selection.toggle(open),
				X: () => open && selection.upTo(open),
			}),
			t: () => (choosing || open) && setTagging(true),
			s: () => current && act({ kind: "star", story: current.id, on: !current.starred }),
			e: () => {
				if (!current) return;
				next();
				act({ kind: "archive", story: current.id, on: !current.archived });
			},
			u: undo,
		}),
	});

	return (
		<Page
			title="Stories"
			about={ABOUT[view]}
			actions={
				may && (
					<Button
						variant="subtle"
						color="gray"
						leftSection={<History size={16} />}
						onClick={() => onSearch({ deeds: true, story: undefined })}
					>
						What was done
					</Button>
				)
			}
		>
			<Tabs value={view} onChange={(value) => onSearch({ view: value as View, story: undefined })}>
				<TabLine open={view}>
					{VIEWS.map((name) => (
						<Tabs.Tab key={name} value={name}>
							<span className={classes.view}>{name}</span>
							<TabCount of={counts.data?.[name]} />
						</Tabs.Tab>
					))}
				</TabLine>
			</Tabs>
			<StoryFilters search={search} onSearch={onSearch} />
			{view === "doubtful" && (
				<Ways
					way={otherwise ? "otherwise" : single ? "mentions" : "stories"}
					otherwise={counts.data?.otherwise ?? 0}
					onChange={(way) =>
						onSearch({
							single: way === "mentions" || undefined,
							otherwise: way === "otherwise" || undefined,
						})
					}
				/>
			)}
			{oneByOne ? (
				<MentionList
					key={`${view} ${otherwise}`}
					of={view === "rejected" ? "rejected" : otherwise ? "otherwise" : "doubtful"}
					wanted={wanted}
					open={open}
					onOpen={onOpen}
					onDeed={may ? act : undefined}
					onHand={may ? hand : undefined}
					busy={busy}
				/>
			) : list.isPending ? (
				<LoadingRows what="stories" />
			) : failed(list) ? (
				<ProblemPanel error={list.error} retry={list.refetch} />
			) : stories.length === 0 ? (
				<NoStories
					search={search}
					range={range}
					counts={counts.data}
					onSearch={onSearch}
					onAllTime={onAllTime}
					setUp={setUp}
				/>
			) : (
				<StoryList
					stories={stories}
					open={open}
					onOpen={onOpen}
					onDeed={may ? act : undefined}
					selection={may ? selection : undefined}
					more={list.hasNextPage ? list.fetchNextPage : undefined}
					loadingMore={list.isFetchingNextPage}
				/>
			)}
			{choosing && (
				<SelectionBar
					selection={selection}
					filter={filter}
					away={view === "archived"}
					tagging={tagging}
					onTagging={setTagging}
					onHand={hand}
					busy={busy}
				/>
			)}
			{deeds && !open && <DeedsPanel onTakeBack={takenBack} onClose={() => onSearch({ deeds: undefined })} />}
			{open && (
				<StoryPanel
					id={open}
					onClose={() => onSearch({ story: undefined })}
					onDeed={may ? act : undefined}
					onHand={may ? hand : undefined}
					tagging={tagging && !choosing}
					onTagging={setTagging}
					onJudgedAll={next}
				/>
			)}
		</Page>
	);
}

function StoryFilters({ search, onSearch }: Pick<Props, "search" | "onSearch">) {
	const brands = useQuery(listBrandsOptions());
	const tags = useTags();
	const topics = useQuery(listTopicsOptions());
	return (
		<Filters>
			<Words
				label="Search stories"
				placeholder="Words of a title or an outlet"
				value={search.q}
				onFind={(q) => onSearch({ q })}
			/>
			<Select
				aria-label="Brand"
				placeholder="Brand"
				clearable
				value={search.brand ?? null}
				onChange={(brand) => onSearch({ brand: brand ?? undefined })}
				data={brands.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
			/>
			<Select
				aria-label="Tone"
				placeholder="Tone"
				clearable
				value={search.tone ?? null}
				onChange={(tone) => onSearch({ tone: (tone as ToneName | null) ?? undefined })}
				data={Object.entries(TONES).map(([value, { label }]) => ({ value, label }))}
			/>
			<Select
				aria-label="Tag"
				placeholder="Tag"
				clearable
				searchable={(tags.data?.items.length ?? 0) > 8}
				value={search.tag ?? null}
				onChange={(tag) => onSearch({ tag: tag ?? undefined })}
				data={[
					...new Set([
						...(tags.data?.items.map(({ tag }) => tag) ?? []),
						...(search.tag ? [search.tag] : []),
					]),
				]}
				nothingFoundMessage={tags.isPending ? "Loading tags" : "No tags yet"}
			/>
			<Select
				aria-label="Topic"
				placeholder="Topic"
				clearable
				value={search.topic ?? null}
				onChange={(topic) => onSearch({ topic: topic ?? undefined })}
				data={topics.data?.items.map(({ id, title }) => ({ value: id, label: title })) ?? []}
				nothingFoundMessage={topics.isPending ? "Loading topics" : "No topics yet"}
			/>
			<Select
				aria-label="Confidence"
				placeholder="Confidence"
				clearable
				value={search.sure ? String(search.sure) : null}
				onChange={(sure) => onSearch({ sure: sure ? Number(sure) : undefined })}
				data={[
					{ value: "0.5", label: "50 % or surer" },
					{ value: "0.8", label: "80 % or surer" },
					{ value: "0.95", label: "95 % or surer" },
				]}
			/>
		</Filters>
	);
}

function NoStories({
	search,
	range,
	counts,
	onSearch,
	onAllTime,
	setUp,
}: Props & { counts: StoryCounts | undefined }) {
	const { view = "inbox", q, brand, tone, tag, topic, sure } = search;
	if (q || brand || tone || tag || topic || sure) {
		const clear = {
			q: undefined,
			brand: undefined,
			tone: undefined,
			tag: undefined,
			topic: undefined,
			sure: undefined,
		};
		return (
			<Empty
				icon={SearchX}
				title="Nothing passes these filters"
				action={
					<Button variant="default" onClick={() => onSearch(clear)}>
						Clear the filters
					</Button>
				}
			>
				{sure
					? "Perhaps the confidence is set too high."
					: "Try fewer words, or another brand, tone or topic."}
			</Empty>
		);
	}
	if (view !== "inbox") {
		return (
			<Empty icon={Newspaper} title={`Nothing ${view}`}>
				{
					{
						doubtful: "When the hound is not sure whether a text means your brand, it asks you here.",
						starred: "Press s on a story to keep it at hand.",
						archived: "Press e on a story to put it away.",
						rejected: "What turned out not to be your brand stays visible here, with the reasons.",
					}[view]
				}
			</Empty>
		);
	}
	if (counts && counts.inbox === 0 && counts.archived > 0) {
		return (
			<Empty
				icon={Newspaper}
				title="The inbox is empty"
				action={
					<Button variant="default" onClick={() => onSearch({ view: "archived" })}>
						See what was put away
					</Button>
				}
			>
				{plural(counts.archived, "story", "stories")} {counts.archived === 1 ? "is" : "are"} under Archived.
				New ones come by themselves.
			</Empty>
		);
	}
	if (counts && counts.inbox > 0 && range !== "all") {
		return (
			<Empty
				icon={Newspaper}
				title="Nothing in these days"
				action={
					<Button variant="default" onClick={onAllTime}>
						Show all time
					</Button>
				}
			>
				The inbox holds {plural(counts.inbox, "story", "stories")} of other days.
			</Empty>
		);
	}
	return (
		<Empty
			icon={Newspaper}
			title="No stories yet"
			action={
				<>
					{setUp}
					{range !== "all" && (
						<Button variant="default" onClick={onAllTime}>
							Show all time
						</Button>
					)}
				</>
			}
		>
			Articles of your feeds that name your brands appear here, reprints gathered into one story. New ones
			come by themselves.
		</Empty>
	);
}
