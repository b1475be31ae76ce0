import { SimpleGrid, Stack, Text } from "@mantine/core";
import { HeartPulse } from "lucide-react";
import type { HealthItem } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { useNeighbourKeys } from "@/shared/keys";
import { count } from "@/shared/numbers";
import { StatTile } from "@/shared/StatTile";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago } from "@/shared/time";
import { FeedState } from "./FeedState";
import { useFeedHealth } from "./queries";

type Props = { open: string | undefined; onOpen: (id: string) => void };

/** What fails, is gone or has fallen silent, why, and what to do. Nothing stops without being listed here. */
export function HealthTab({ open, onOpen }: Props) {
	const health = useFeedHealth();
	useNeighbourKeys(health.data?.items.map(({ feed_id }) => feed_id) ?? [], open, onOpen);
	if (health.isPending) return <LoadingRows what="feed health" rows={4} />;
	if (failed(health)) return <ProblemPanel error={health.error} retry={health.refetch} />;
	const { items, healthy, failing, gone, silent } = health.data;
	return (
		<Stack gap="md">
			<SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
				<StatTile label="Healthy" value={count(healthy)} />
				<StatTile label="Failing" value={count(failing)} />
				<StatTile label="Gone" value={count(gone)} />
				<StatTile label="Silent" value={count(silent)} />
			</SimpleGrid>
			{items.length === 0 ? (
				<Empty icon={HeartPulse} title="All feeds are well">
					A feed that fails, moves, dies or falls silent is listed here, with the reason and the next step.
				</Empty>
			) : (
				<DataTable
					label="Feeds that need your eye"
					rows={items}
					columns={columns(onOpen)}
					id={({ feed_id }) => feed_id}
					open={open}
					onOpen={onOpen}
				/>
			)}
		</Stack>
	);
}

function columns(onOpen: (id: string) => void): Column<HealthItem>[] {
	return [
		{
			key: "feed",
			title: "Feed",
			render: (item) => (
				<>
					<RowName onClick={() => onOpen(item.feed_id)}>{item.title || item.url}</RowName>
					<Text size="xs" c="dimmed">
						{item.reason}
					</Text>
				</>
			),
		},
		{ key: "state", title: "Health", fit: true, render: ({ state }) => <FeedState state={state} /> },
		{
			key: "since",
			title: "Since",
			fit: true,
			from: "medium",
			render: ({ since }) => (since ? <Ago at={since} /> : "–"),
		},
		{ key: "next", title: "What to do", from: "wide", render: ({ next_step }) => next_step },
	];
}
