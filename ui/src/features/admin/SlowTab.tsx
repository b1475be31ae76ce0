import { Anchor, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Timer } from "lucide-react";
import type { CSSProperties } from "react";
import type { SlowRequestOut, SlowRunOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { useNeighbourKeys } from "@/shared/keys";
import { count, percent, plural } from "@/shared/numbers";
import { PanelBody, SlideOver } from "@/shared/SlideOver";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago, duration, moment } from "@/shared/time";
import classes from "./Admin.module.css";
import { useSlow } from "./queries";
import { HOURS, type Hours } from "./search";

type Props = {
	hours: Hours;
	onHours: (hours: Hours) => void;
	open: string | undefined;
	onOpen: (id: string | undefined) => void;
};

const SPANS: Record<Hours, string> = { 1: "1 hour", 24: "1 day", 168: "7 days" };

/** The slowest requests and runs of the last day, with what took their time. */
export function SlowTab({ hours, onHours, open, onOpen }: Props) {
	const slow = useSlow(hours);
	const requests = slow.data?.requests ?? [];
	const runs = slow.data?.runs ?? [];
	useNeighbourKeys(
		[...requests, ...runs].map(({ id }) => id),
		open,
		onOpen,
	);
	if (slow.isPending) return <LoadingRows what="what was slow" />;
	if (failed(slow)) return <ProblemPanel error={slow.error} retry={slow.refetch} />;
	const request = requests.find(({ id }) => id === open);
	const run = runs.find(({ id }) => id === open);
	return (
		<Stack gap="lg">
			<SegmentedControl
				aria-label="How far back"
				value={String(hours)}
				onChange={(value) => onHours(Number(value) as Hours)}
				data={HOURS.map((value) => ({ value: String(value), label: SPANS[value] }))}
				style={{ alignSelf: "flex-start" }}
			/>
			{requests.length === 0 && runs.length === 0 ? (
				<Empty icon={Timer} title="Nothing was slow">
					Requests that take over {duration(slow.data.slow_from_seconds)} are shown here with what the
					database did meanwhile, and the longest runs with their steps.
				</Empty>
			) : (
				<>
					<section aria-labelledby="slow-requests">
						<Title order={2} size="h5" mb="xs" id="slow-requests">
							Requests
						</Title>
						{requests.length === 0 ? (
							<Text size="sm" c="dimmed">
								None took over {duration(slow.data.slow_from_seconds)}.
							</Text>
						) : (
							<DataTable
								label="Slow requests"
								rows={requests}
								columns={requestColumns(onOpen)}
								id={({ id }) => id}
								open={open}
								onOpen={onOpen}
							/>
						)}
					</section>
					<section aria-labelledby="slow-runs">
						<Title order={2} size="h5" mb="xs" id="slow-runs">
							Runs
						</Title>
						{runs.length === 0 ? (
							<Text size="sm" c="dimmed">
								None ended in this time.
							</Text>
						) : (
							<DataTable
								label="Slow runs"
								rows={runs}
								columns={runColumns(onOpen)}
								id={({ id }) => id}
								open={open}
								onOpen={onOpen}
							/>
						)}
					</section>
				</>
			)}
			{request && <RequestPanel request={request} onClose={() => onOpen(undefined)} />}
			{run && <RunPanel run={run} onClose={() => onOpen(undefined)} />}
		</Stack>
	);
}

function requestColumns(onOpen: (id: string) => void): Column<SlowRequestOut>[] {
	return [
		{
			key: "request",
			title: "Request",
			render: ({ id, request, organization }) => (
				<>
					<RowName onClick={() => onOpen(id)}>{request}</RowName>
					<Text size="xs" c="dimmed">
						{organization ?? "This installation"}
					</Text>
				</>
			),
		},
		{ key: "took", title: "Took", align: "right", fit: true, render: ({ seconds }) => duration(seconds) },
		{
			key: "database",
			title: "Database",
			align: "right",
			fit: true,
			from: "medium",
			render: ({ database_seconds, seconds }) => percent(Math.min(1, database_seconds / seconds)),
		},
		{
			key: "statements",
			title: "Statements",
			align: "right",
			fit: true,
			from: "wide",
			render: ({ statements }) => count(statements),
		},
		{
			key: "status",
			title: "Status",
			align: "right",
			fit: true,
			from: "wide",
			render: ({ status }) => status,
		},
		{ key: "at", title: "When", fit: true, from: "medium", render: ({ at }) => <Ago at={at} /> },
	];
}

function runColumns(onOpen: (id: string) => void): Column<SlowRunOut>[] {
	return [
		{
			key: "run",
			title: "Run",
			render: ({ id, title, job, organization }) => (
				<>
					<RowName onClick={() => onOpen(id)}>{title}</RowName>
					<Text size="xs" c="dimmed">
						{job}, {organization ?? "This installation"}
					</Text>
				</>
			),
		},
		{ key: "took", title: "Took", align: "right", fit: true, render: ({ seconds }) => duration(seconds) },
		{
			key: "longest",
			title: "Longest step",
			fit: true,
			from: "wide",
			render: ({ steps }) => (steps[0] ? `${steps[0].name}, ${duration(steps[0].seconds)}` : "–"),
		},
		{
			key: "waited",
			title: "Waited before",
			align: "right",
			fit: true,
			from: "wide",
			render: ({ waited_seconds }) => duration(Math.max(0, waited_seconds)),
		},
		{
			key: "ended",
			title: "Ended",
			fit: true,
			from: "medium",
			render: ({ finished_at }) => <Ago at={finished_at} />,
		},
	];
}

function RequestPanel({ request, onClose }: { request: SlowRequestOut; onClose: () => void }) {
	const { seconds, database_seconds, statements, slowest, request_id } = request;
	const rest = Math.max(0, seconds - database_seconds);
	return (
		<SlideOver title={request.request} about={moment(request.at)} onClose={onClose}>
			<PanelBody>
				<Stack gap="lg">
					<Text size="sm">
						It took {duration(seconds)} until the answer began: {plural(statements, "statement")} took{" "}
						{duration(database_seconds)}, everything else {duration(rest)}.
					</Text>
					<section aria-labelledby="statements">
						<Title order={3} size="h6" mb="xs" id="statements">
							Statements that took longest, without their values
						</Title>
						{slowest.length === 0 ? (
							<Text size="sm" c="dimmed">
								It did not ask the database.
							</Text>
						) : (
							<ol className={classes.shares}>
								{slowest.map(({ statement, times, seconds: took }) => (
									<li key={statement}>
										<Share part={took / seconds} label={`${duration(took)}, ${plural(times, "time")}`} />
										<span className={classes.query}>{statement}</span>
									</li>
								))}
							</ol>
						)}
					</section>
					{rest > database_seconds && (
						<Text size="sm" className={classes.todo}>
							Most of the time was not the database's: the process computed, waited for a connection, or its
							machine was busy. Workers says whether one stood still.
						</Text>
					)}
					{request_id && (
						<Anchor component={Link} to="/logs" search={{ request_id, span: "7d" } as never} size="sm">
							Its lines in the log
						</Anchor>
					)}
					<Text size="xs" c="dimmed">
						Status {request.status}, answered by {request.process}. Organization:{" "}
						{request.organization ?? "none"}.
					</Text>
				</Stack>
			</PanelBody>
		</SlideOver>
	);
}

function RunPanel({ run, onClose }: { run: SlowRunOut; onClose: () => void }) {
	const { title, job, steps, seconds, waited_seconds, started_at, finished_at, state } = run;
	const known = steps.reduce((sum, step) => sum + step.seconds, 0);
	return (
		<SlideOver title={title} about={job} onClose={onClose}>
			<PanelBody>
				<Stack gap="lg">
					<Text size="sm">
						It took {duration(seconds)} from its first step to its end, after a wait of{" "}
						{duration(Math.max(0, waited_seconds))}.
					</Text>
					<section aria-labelledby="steps">
						<Title order={3} size="h6" mb="xs" id="steps">
							Its longest steps
						</Title>
						{steps.length === 0 ? (
							<Text size="sm" c="dimmed">
								Nothing is known of its steps: it has none, or they were tidied up.
							</Text>
						) : (
							<ol className={classes.shares}>
								{steps.map(({ name, times, seconds: took }) => (
									<li key={name}>
										<Share part={took / seconds} label={`${duration(took)}, ${plural(times, "time")}`} />
										<Text size="sm" span className="sentence">
											{name}
										</Text>
									</li>
								))}
							</ol>
						)}
					</section>
					{steps.length > 0 && known < seconds / 2 && (
						<Text size="sm" className={classes.todo}>
							For most of the time it was in no step: it waited for a service or for a later time, was paused,
							or went on elsewhere.
						</Text>
					)}
					<Text size="xs" c="dimmed">
						{moment(started_at)} to {moment(finished_at)}, {state.replaceAll("_", " ")}. Organization:{" "}
						{run.organization ?? "none"}.
					</Text>
				</Stack>
			</PanelBody>
		</SlideOver>
	);
}

/** How much of the whole it took: a bar, and the same in words. */
function Share({ part, label }: { part: number; label: string }) {
	return (
		<span className={classes.share}>
			{label}
			<i style={{ "--part": `${Math.max(1, Math.min(100, part * 100))}%` } as CSSProperties} />
		</span>
	);
}
