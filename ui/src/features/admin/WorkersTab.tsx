import { Anchor, Badge, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Cpu } from "lucide-react";
import type { ProcessOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { useNeighbourKeys } from "@/shared/keys";
import { plural } from "@/shared/numbers";
import { PanelBody, SlideOver } from "@/shared/SlideOver";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago, duration, moment } from "@/shared/time";
import classes from "./Admin.module.css";
import { bytes } from "./figures";
import { useProcesses } from "./queries";

type Props = { open: string | undefined; onOpen: (id: string | undefined) => void };

export function WorkersTab({ open, onOpen }: Props) {
	const processes = useProcesses();
	const items = processes.data?.items ?? [];
	useNeighbourKeys(
		items.map(({ id }) => id),
		open,
		onOpen,
	);
	if (processes.isPending) return <LoadingRows what="processes" />;
	if (failed(processes)) return <ProblemPanel error={processes.error} retry={processes.refetch} />;
	if (items.length === 0) {
		return (
			<Empty icon={Cpu} title="No process has told of itself yet">
				Web servers and workers tell of themselves every ten seconds. Start one with <code>./run</code>, or{" "}
				<code>brandhound worker</code> on any machine.
			</Empty>
		);
	}
	const living = items.filter(({ ended_at }) => ended_at === null);
	const ended = items.filter(({ ended_at }) => ended_at !== null);
	const shown = items.find(({ id }) => id === open);
	return (
		<Stack gap="md">
			<DataTable
				label="Living processes"
				rows={living}
				columns={columns(onOpen)}
				id={({ id }) => id}
				open={open}
				onOpen={onOpen}
			/>
			{ended.length > 0 && (
				<section aria-labelledby="ended">
					<Title order={2} size="h5" mb="xs" id="ended">
						Ended in the last 30 days
					</Title>
					<DataTable
						label="Ended processes"
						rows={ended}
						columns={columns(onOpen)}
						id={({ id }) => id}
						open={open}
						onOpen={onOpen}
					/>
				</section>
			)}
			{shown && <ProcessPanel process={shown} onClose={() => onOpen(undefined)} />}
		</Stack>
	);
}

const KINDS = { web: "Web server", worker: "Worker" };

function columns(onOpen: (id: string) => void): Column<ProcessOut>[] {
	return [
		{
			key: "process",
			title: "Process",
			render: (one) => (
				<>
					<RowName onClick={() => onOpen(one.id)}>
						{KINDS[one.kind]} {one.pid}
					</RowName>
					<Text size="xs" c="dimmed">
						{one.host}
					</Text>
				</>
			),
		},
		{ key: "state", title: "State", fit: true, render: (one) => <Standing process={one} /> },
		{
			key: "runs",
			title: "Runs",
			align: "right",
			fit: true,
			from: "medium",
			render: ({ kind, active, ended_at }) => (kind === "worker" && ended_at === null ? active : "–"),
		},
		{
			key: "memory",
			title: "Memory",
			align: "right",
			fit: true,
			from: "medium",
			render: ({ rss_bytes }) => bytes(rss_bytes),
		},
		{ key: "version", title: "Version", fit: true, from: "wide", render: ({ version }) => version },
		{
			key: "heard",
			title: "Heard of",
			fit: true,
			from: "wide",
			render: ({ silent_seconds, ended_at }) =>
				ended_at ? <Ago at={ended_at} /> : `${duration(Math.max(0, silent_seconds))} ago`,
		},
		{
			key: "started",
			title: "Started",
			fit: true,
			from: "wide",
			render: ({ started_at }) => <Ago at={started_at} />,
		},
	];
}

/** Seconds without a turn after which somebody should look. */
const STALLED = 10;

function Standing({
	process: { ended_at, end_reason, silent_seconds, stall_seconds },
}: {
	process: ProcessOut;
}) {
	if (ended_at) {
		return (
			<Badge color={end_reason === "gone" ? "red" : "gray"}>
				{end_reason === "gone" ? "Gone" : "Stopped"}
			</Badge>
		);
	}
	if (stall_seconds >= STALLED) return <Badge color="red">Stands still</Badge>;
	return silent_seconds > 30 ? <Badge color="yellow">Silent</Badge> : <Badge color="green">Alive</Badge>;
}

function ProcessPanel({ process, onClose }: { process: ProcessOut; onClose: () => void }) {
	const facts: [string, string][] = [
		["Machine", process.host],
		["Process", String(process.pid)],
		["Version", process.version],
		["Started", moment(process.started_at)],
		...(process.ended_at
			? [["Ended", `${moment(process.ended_at)}, ${process.end_reason}`] as [string, string]]
			: [["Heard of", `${duration(Math.max(0, process.silent_seconds))} ago`] as [string, string]]),
		["Memory", bytes(process.rss_bytes)],
		["Processor time", duration(process.cpu_seconds)],
		["Threads", String(process.threads)],
		["Before it, in a day", plural(process.restarts, "start")],
	];
	return (
		<SlideOver title={`${KINDS[process.kind]} ${process.pid}`} about={process.id} onClose={onClose}>
			<PanelBody>
				<Stack gap="md">
					<dl className={classes.figures}>
						{facts.map(([name, value]) => (
							<div key={name}>
								<dt>{name}</dt>
								<dd>{value}</dd>
							</div>
						))}
					</dl>
					{process.end_reason === "gone" && (
						<Text size="sm" className={classes.todo}>
							It ended without a word: killed, out of memory, or its machine went down. Its runs went on
							elsewhere. The system's log says more (<code>journalctl -k</code>, <code>dmesg</code>).
						</Text>
					)}
					{process.stall_seconds >= STALLED && process.ended_at === null && (
						<Text size="sm" className={classes.todo}>
							For {duration(process.stall_seconds)} nothing in it has got a turn: something computes, or waits
							where it must not.{" "}
							<Anchor
								component={Link}
								to="/logs"
								search={{ scope: "installation", logger: "brandhound.stall", span: "1d" } as never}
							>
								The log names the place
							</Anchor>
							. If it does not go on by itself, end it: another process takes over its work.
						</Text>
					)}
					{process.silent_seconds > 30 && process.ended_at === null && (
						<Text size="sm" className={classes.todo}>
							Its machine may be overloaded or cut off from the database. After 90 seconds it counts as gone.
						</Text>
					)}
					{process.kind === "worker" && process.ended_at === null && (
						<section aria-labelledby="runs">
							<Title order={3} size="h6" mb="xs" id="runs">
								What it does now
							</Title>
							{process.runs.length === 0 ? (
								<Text size="sm" c="dimmed">
									Nothing: it waits for work.
								</Text>
							) : (
								<ul style={{ margin: 0, paddingLeft: 18 }}>
									{process.runs.map(({ id, title, job, started_at }) => (
										<li key={id}>
											<Text size="sm" span>
												{title}
											</Text>{" "}
											<Text size="xs" c="dimmed" span>
												{job}, {started_at ? <Ago at={started_at} /> : "about to begin"}
											</Text>
										</li>
									))}
								</ul>
							)}
						</section>
					)}
				</Stack>
			</PanelBody>
		</SlideOver>
	);
}
