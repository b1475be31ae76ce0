import { Badge, SimpleGrid, Stack, Text } from "@mantine/core";
import { Rss } from "lucide-react";
import type { IllFeed } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { type Column, DataTable } from "@/shared/DataTable";
import { count } from "@/shared/numbers";
import { StatTile } from "@/shared/StatTile";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago } from "@/shared/time";
import { useFeedsAcross } from "./queries";

/** The feeds of all organizations: many that fail at once are most often this machine's fault. */
export function FeedsTab() {
	const feeds = useFeedsAcross();
	if (feeds.isPending) return <LoadingRows what="feeds" />;
	if (failed(feeds)) return <ProblemPanel error={feeds.error} retry={feeds.refetch} />;
	const { states, late, codes, items } = feeds.data;
	return (
		<Stack gap="md">
			<SimpleGrid cols={{ base: 2, sm: 5 }} spacing="sm">
				<StatTile label="Active" value={count(states.active ?? 0)} />
				<StatTile label="Silent" value={count(states.silent ?? 0)} />
				<StatTile label="Failing" value={count(states.failing ?? 0)} />
				<StatTile label="Gone" value={count(states.gone ?? 0)} />
				<StatTile label="Late" value={count(late)} about="over ten minutes" />
			</SimpleGrid>
			{codes.length > 0 && (
				<Text size="sm">
					Why: {codes.map(({ code, feeds: number }) => `${code} ${count(number)}`).join(", ")}
				</Text>
			)}
			{items.length === 0 ? (
				<Empty icon={Rss} title="All feeds are well">
					A feed that fails, is gone or is checked late is listed here, whoever follows it.
				</Empty>
			) : (
				<DataTable
					label="Feeds that are ill"
					rows={items}
					columns={COLUMNS}
					id={({ document_id }) => document_id}
				/>
			)}
		</Stack>
	);
}

const COLORS: Record<string, string> = { late: "yellow", failing: "yellow", gone: "red" };

const COLUMNS: Column<IllFeed>[] = [
	{
		key: "feed",
		title: "Feed",
		render: ({ title, url, what_to_do }) => (
			<>
				<Text size="sm" fw={550}>
					{title ?? url}
				</Text>
				{title && (
					<Text size="xs" c="dimmed" lineClamp={1}>
						{url}
					</Text>
				)}
				<Text size="xs">{what_to_do}</Text>
			</>
		),
	},
	{
		key: "state",
		title: "State",
		fit: true,
		render: ({ state }) => (
			<Badge color={COLORS[state] ?? "gray"} className="sentence">
				{state}
			</Badge>
		),
	},
	{ key: "code", title: "Why", fit: true, from: "medium", render: ({ error_code }) => error_code ?? "–" },
	{
		key: "followers",
		title: "Followers",
		align: "right",
		fit: true,
		from: "medium",
		render: ({ followers }) => count(followers),
	},
	{
		key: "since",
		title: "Last well",
		fit: true,
		from: "wide",
		render: ({ last_ok_at }) => (last_ok_at ? <Ago at={last_ok_at} /> : "Never"),
	},
];
