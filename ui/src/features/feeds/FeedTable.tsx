import { Select, Stack, Text } from "@mantine/core";
import { Rss, SearchX } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { FeedOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { Filters, Words } from "@/shared/Filters";
import { useNeighbourKeys } from "@/shared/keys";
import { count } from "@/shared/numbers";
import { ShowMore } from "@/shared/ShowMore";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago } from "@/shared/time";
import { FeedState, STATES } from "./FeedState";
import classes from "./Feeds.module.css";
import { useFeeds } from "./queries";

type Props = {
	q: string | undefined;
	open: string | undefined;
	onOpen: (id: string | undefined) => void;
	onFind: (q: string | undefined) => void;
	add: ReactNode;
};

export function FeedTable({ q, open, onOpen, onFind, add }: Props) {
	const [state, setState] = useState<FeedOut["state"] | null>(null);
	const feeds = useFeeds({ limit: 100, ...(q && { q }), ...(state && { state }) });
	const rows = feeds.data?.pages.flatMap(({ items }) => items) ?? [];
	useNeighbourKeys(
		rows.map(({ id }) => id),
		open,
		onOpen,
	);
	const filtered = Boolean(q || state);
	return (
		<Stack gap="md">
			{(filtered || rows.length > 0) && (
				<FeedFilters q={q} onFind={onFind} state={state} onState={setState} />
			)}
			{feeds.isPending ? (
				<LoadingRows what="feeds" />
			) : failed(feeds) ? (
				<ProblemPanel error={feeds.error} retry={feeds.refetch} />
			) : rows.length === 0 ? (
				filtered ? (
					<Empty icon={SearchX} title="No feed is like that">
						Try fewer words, or another state.
					</Empty>
				) : (
					<Empty icon={Rss} title="No feeds yet" action={add}>
						A feed is where news comes from: RSS, Atom, JSON Feed or a news sitemap. Give the address of a
						feed or just of a site, bring an OPML file, or start from a pack.
					</Empty>
				)
			) : (
				<>
					<DataTable
						label="Feeds"
						rows={rows}
						columns={columns(onOpen)}
						id={({ id }) => id}
						open={open}
						onOpen={onOpen}
					/>
					<ShowMore list={feeds} />
				</>
			)}
		</Stack>
	);
}

type FilterProps = Pick<Props, "q" | "onFind"> & {
	state: FeedOut["state"] | null;
	onState: (state: FeedOut["state"] | null) => void;
};

function FeedFilters({ q, onFind, state, onState }: FilterProps) {
	return (
		<Filters>
			<Words label="Search feeds" placeholder="Title or address" value={q} onFind={onFind} />
			<Select
				aria-label="State"
				placeholder="Any state"
				clearable
				value={state}
				onChange={(value) => onState(value as FeedOut["state"] | null)}
				data={Object.entries(STATES).map(([value, { label }]) => ({ value, label }))}
			/>
		</Filters>
	);
}

function columns(onOpen: (id: string) => void): Column<FeedOut>[] {
	return [
		{
			key: "title",
			title: "Feed",
			render: (feed) => (
				<>
					<RowName onClick={() => onOpen(feed.id)}>{feed.title || feed.url}</RowName>
					<Text size="xs" c="dimmed" lineClamp={1} className={classes.address}>
						{feed.error_detail && feed.state !== "paused"
							? feed.error_detail
							: feed.url.replace(/^https?:\/\//, "")}
					</Text>
				</>
			),
		},
		{ key: "state", title: "Health", fit: true, render: ({ state }) => <FeedState state={state} /> },
		{
			key: "week",
			title: "Last week",
			align: "right",
			fit: true,
			from: "medium",
			render: ({ entries_last_week }) => <span className="numeric">{count(entries_last_week)}</span>,
		},
		{
			key: "last",
			title: "Newest item",
			fit: true,
			from: "wide",
			render: ({ last_entry_at }) => (last_entry_at ? <Ago at={last_entry_at} /> : "–"),
		},
		{
			key: "next",
			title: "Next check",
			from: "wide",
			render: ({ next_check_at, check_reason }) => (
				<>
					{next_check_at ? <Ago at={next_check_at} /> : "–"}
					{check_reason && (
						<Text size="xs" c="dimmed" lineClamp={2} className="sentence">
							{check_reason}
						</Text>
					)}
				</>
			),
		},
	];
}
