import { SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { FailureOut, OrganizationLoad, QueueOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { type Column, DataTable } from "@/shared/DataTable";
import { count } from "@/shared/numbers";
import { StatTile } from "@/shared/StatTile";
import { LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago, duration } from "@/shared/time";
import { useQueues } from "./queries";

const time = (seconds: number | null) => (seconds === null ? "–" : duration(seconds));

export function QueuesTab() {
	const queues = useQueues();
	if (queues.isPending) return <LoadingRows what="queues" />;
	if (failed(queues)) return <ProblemPanel error={queues.error} retry={queues.refetch} />;
	const { queues: all, failures, organizations } = queues.data;
	const sum = (of: (queue: QueueOut) => number) => all.reduce((total, queue) => total + of(queue), 0);
	const oldest = Math.max(0, ...all.map(({ oldest_wait_seconds }) => oldest_wait_seconds));
	return (
		<Stack gap="lg">
			<SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
				<StatTile label="Waiting for a worker" value={count(sum(({ depth }) => depth))} />
				<StatTile label="Running" value={count(sum(({ running }) => running))} />
				<StatTile label="Oldest wait" value={duration(oldest)} />
				<StatTile label="Failed in an hour" value={count(sum(({ failed_last_hour }) => failed_last_hour))} />
			</SimpleGrid>
			{oldest > 600 && (
				<Text size="sm">
					Runs wait for long. Start another worker (<code>brandhound worker</code>, on any machine), or see
					below which organization fills the queue.
				</Text>
			)}
			<QueueTable label="Queues" queues={all} />
			<section aria-labelledby="failures">
				<Title order={2} size="h5" mb="xs" id="failures">
					Failures of the last day
				</Title>
				{failures.length === 0 ? (
					<Text size="sm" c="dimmed">
						No run failed since yesterday.
					</Text>
				) : (
					<DataTable
						label="Failures"
						rows={failures}
						columns={FAILURES}
						id={({ code, job }) => `${code} ${job}`}
					/>
				)}
			</section>
			<section aria-labelledby="organizations">
				<Title order={2} size="h5" mb="xs" id="organizations">
					By organization
				</Title>
				{organizations.length === 0 ? (
					<Text size="sm" c="dimmed">
						Nobody has work now or had some in the last hour.
					</Text>
				) : (
					<DataTable
						label="Organizations"
						rows={organizations}
						columns={ORGANIZATIONS}
						id={({ organization_id }) => organization_id}
					/>
				)}
			</section>
		</Stack>
	);
}

/** How each queue does: of everybody, or of one organization. */
export function QueueTable({ label, queues }: { label: string; queues: QueueOut[] }) {
	return <DataTable label={label} rows={queues} columns={QUEUES} id={({ queue }) => queue} />;
}

const QUEUES: Column<QueueOut>[] = [
	{
		key: "queue",
		title: "Queue",
		render: ({ queue }) => (
			<Text size="sm" fw={550} className="sentence">
				{queue}
			</Text>
		),
	},
	{ key: "depth", title: "Waiting", align: "right", fit: true, render: ({ depth }) => count(depth) },
	{ key: "running", title: "Running", align: "right", fit: true, render: ({ running }) => count(running) },
	{
		key: "later",
		title: "Put off",
		align: "right",
		fit: true,
		from: "wide",
		render: ({ waiting }) => count(waiting),
	},
	{
		key: "oldest",
		title: "Oldest",
		align: "right",
		fit: true,
		from: "medium",
		render: ({ oldest_wait_seconds }) => time(oldest_wait_seconds),
	},
	{
		key: "wait",
		title: "Wait, 95 of 100",
		align: "right",
		fit: true,
		from: "medium",
		render: ({ wait_p95_seconds }) => time(wait_p95_seconds),
	},
	{
		key: "run",
		title: "Run, 95 of 100",
		align: "right",
		fit: true,
		from: "wide",
		render: ({ run_p95_seconds }) => time(run_p95_seconds),
	},
	{
		key: "failed",
		title: "Failed",
		align: "right",
		fit: true,
		from: "wide",
		render: ({ failed_last_hour, ended_last_hour }) =>
			`${count(failed_last_hour)} of ${count(ended_last_hour)}`,
	},
];

const FAILURES: Column<FailureOut>[] = [
	{
		key: "code",
		title: "Class",
		render: ({ code, job }) => (
			<>
				<Text size="sm" fw={550}>
					{code}
				</Text>
				<Text size="xs" c="dimmed">
					{job}
				</Text>
			</>
		),
	},
	{ key: "runs", title: "Runs", align: "right", fit: true, render: ({ runs }) => count(runs) },
	{
		key: "organizations",
		title: "Organizations",
		align: "right",
		fit: true,
		from: "medium",
		render: ({ organizations }) => count(organizations),
	},
	{ key: "last", title: "Last", fit: true, from: "medium", render: ({ last_at }) => <Ago at={last_at} /> },
];

const ORGANIZATIONS: Column<OrganizationLoad>[] = [
	{ key: "name", title: "Organization", render: ({ name }) => name ?? "This installation" },
	{ key: "queued", title: "Waiting", align: "right", fit: true, render: ({ queued }) => count(queued) },
	{ key: "running", title: "Running", align: "right", fit: true, render: ({ running }) => count(running) },
	{
		key: "oldest",
		title: "Oldest",
		align: "right",
		fit: true,
		from: "medium",
		render: ({ oldest_wait }) => time(oldest_wait),
	},
	{
		key: "wait",
		title: "Wait, 95 of 100",
		align: "right",
		fit: true,
		from: "wide",
		render: ({ wait_p95 }) => time(wait_p95),
	},
	{
		key: "failed",
		title: "Failed in an hour",
		align: "right",
		fit: true,
		from: "wide",
		render: ({ failed, ended }) => `${count(failed)} of ${count(ended)}`,
	},
];
