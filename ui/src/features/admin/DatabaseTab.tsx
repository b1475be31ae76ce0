import { SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type {
	BlockedStatement,
	CountedStatement,
	DatabaseOut,
	RunningStatement,
	SizedTable,
	UnusedIndex,
} from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { type Column, DataTable } from "@/shared/DataTable";
import { count, percent } from "@/shared/numbers";
import { StatTile } from "@/shared/StatTile";
import { LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago, day, duration } from "@/shared/time";
import classes from "./Admin.module.css";
import { bytes } from "./figures";
import { useDatabase } from "./queries";

/** What the server says of itself, seen by a role that can read no row of any table. */
export function DatabaseTab() {
	const database = useDatabase();
	if (database.isPending) return <LoadingRows what="the database" />;
	if (failed(database)) return <ProblemPanel error={database.error} retry={database.refetch} />;
	const told = database.data;
	const current = told.migration === null || told.migration === told.migration_needed;
	return (
		<Stack gap="lg">
			<SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="sm">
				<StatTile label="Size" value={bytes(told.bytes)} />
				<StatTile
					label="Connections"
					value={count(told.connections)}
					about={`of ${count(told.most_connections)}`}
				/>
				<StatTile label="Found in memory" value={told.cache_hits === null ? "–" : percent(told.cache_hits)} />
				<StatTile label="Oldest transaction" value={duration(told.longest_transaction)} />
				<StatTile label="Deadlocks" value={count(told.deadlocks)} />
			</SimpleGrid>
			<Text size="sm" c={current ? "dimmed" : undefined}>
				PostgreSQL {told.version}, tables at {told.migration ?? "an unknown migration"}
				{current
					? "."
					: `, but the program needs ${told.migration_needed}: run brandhound migrate, or start brandhound anew.`}
				{told.counting_since && (
					<>
						{" "}
						Counted since <Ago at={told.counting_since} />.
					</>
				)}
			</Text>
			<Statements told={told} />
			<Part title="Tables">
				<DataTable label="Tables" rows={told.tables} columns={TABLES} id={({ name }) => name} />
			</Part>
			<Part title="Indexes that nobody reads">
				{told.unused_indexes.length === 0 ? (
					<Fine>None over 1 MB.</Fine>
				) : (
					<>
						<DataTable
							label="Unused indexes"
							rows={told.unused_indexes}
							columns={INDEXES}
							id={({ index }) => index}
						/>
						<Text size="xs" c="dimmed" mt="xs">
							They cost space and time at each write. Leave those that came with brandhound: some are for
							questions that are seldom asked.
						</Text>
					</>
				)}
			</Part>
		</Stack>
	);
}

function Statements({ told }: { told: DatabaseOut }) {
	return (
		<>
			<Part title="Running for over a second">
				{told.slow_now.length === 0 ? (
					<Fine>None at this moment.</Fine>
				) : (
					<DataTable
						label="Running statements"
						rows={told.slow_now}
						columns={RUNNING}
						id={({ pid }) => String(pid)}
					/>
				)}
				{!told.sees_all && (
					<Text size="xs" c="dimmed" mt="xs">
						Statements of other roles are hidden: as a superuser, grant pg_monitor to brandhound_reader.
					</Text>
				)}
			</Part>
			<Part title="Waiting for locks">
				{told.blocked.length === 0 ? (
					<Fine>None.</Fine>
				) : (
					<DataTable
						label="Blocked statements"
						rows={told.blocked}
						columns={BLOCKED}
						id={({ pid }) => String(pid)}
					/>
				)}
			</Part>
			<Part title="Most time in all">
				{told.slow_ever === null ? (
					<Fine>The server keeps no count: install pg_stat_statements to see it here.</Fine>
				) : (
					<DataTable label="Statements" rows={told.slow_ever} columns={COUNTED} id={({ query }) => query} />
				)}
			</Part>
		</>
	);
}

function Part({ title, children }: { title: string; children: ReactNode }) {
	return (
		<section aria-label={title}>
			<Title order={2} size="h5" mb="xs">
				{title}
			</Title>
			{children}
		</section>
	);
}

function Fine({ children }: { children: ReactNode }) {
	return (
		<Text size="sm" c="dimmed">
			{children}
		</Text>
	);
}

const TABLES: Column<SizedTable>[] = [
	{
		key: "name",
		title: "Table",
		render: ({ name }) => (
			<Text size="sm" fw={550}>
				{name}
			</Text>
		),
	},
	{ key: "size", title: "Size", align: "right", fit: true, render: ({ total_bytes }) => bytes(total_bytes) },
	{
		key: "growth",
		title: "Grown",
		align: "right",
		fit: true,
		from: "medium",
		render: ({ grown_bytes, grown_since }) =>
			grown_bytes === null || !grown_since ? "–" : `${bytes(grown_bytes)} since ${day(grown_since)}`,
	},
	{
		key: "rows",
		title: "Rows, about",
		align: "right",
		fit: true,
		from: "medium",
		render: ({ rows_about }) => count(rows_about),
	},
	{
		key: "indexes",
		title: "Indexes",
		align: "right",
		fit: true,
		from: "wide",
		render: ({ index_bytes }) => bytes(index_bytes),
	},
	{
		key: "dead",
		title: "Dead rows",
		align: "right",
		fit: true,
		from: "wide",
		render: ({ dead_rows }) => count(dead_rows),
	},
	{
		key: "vacuumed",
		title: "Vacuumed",
		fit: true,
		from: "wide",
		render: ({ vacuumed_at }) => (vacuumed_at ? <Ago at={vacuumed_at} /> : "–"),
	},
];

const INDEXES: Column<UnusedIndex>[] = [
	{ key: "index", title: "Index", render: ({ index }) => index },
	{ key: "table", title: "Table", fit: true, from: "medium", render: ({ table }) => table },
	{ key: "size", title: "Size", align: "right", fit: true, render: ({ bytes: size }) => bytes(size) },
];

const query = <T extends { query: string }>(): Column<T> => ({
	key: "query",
	title: "Statement, without its values",
	render: ({ query: shape }) => <span className={classes.query}>{shape}</span>,
});

const RUNNING: Column<RunningStatement>[] = [
	query(),
	{ key: "for", title: "For", align: "right", fit: true, render: ({ seconds }) => duration(seconds) },
	{
		key: "who",
		title: "Who",
		fit: true,
		from: "medium",
		render: ({ application, pid }) => `${application ?? ""} ${pid}`,
	},
	{ key: "waits", title: "Waits for", fit: true, from: "wide", render: ({ waits_for }) => waits_for ?? "–" },
];

const BLOCKED: Column<BlockedStatement>[] = [
	query(),
	{ key: "for", title: "For", align: "right", fit: true, render: ({ seconds }) => duration(seconds) },
	{ key: "by", title: "Blocked by", fit: true, render: ({ blocked_by }) => blocked_by.join(", ") },
];

const COUNTED: Column<CountedStatement>[] = [
	query(),
	{
		key: "total",
		title: "In all",
		align: "right",
		fit: true,
		render: ({ total_seconds }) => duration(total_seconds),
	},
	{
		key: "mean",
		title: "Each",
		align: "right",
		fit: true,
		from: "medium",
		render: ({ mean_seconds }) => duration(mean_seconds),
	},
	{
		key: "calls",
		title: "Times",
		align: "right",
		fit: true,
		from: "wide",
		render: ({ calls }) => count(calls),
	},
];
