import { Alert, Anchor, Code, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { RunOut } from "@/api/generated/types.gen";
import { usePeople } from "@/api/people";
import { failed } from "@/api/problems";
import { useCan } from "@/api/session";
import { PanelBody, SlideOver } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { duration, moment } from "@/shared/time";
import { AskAgain } from "./AskAgain";
import { LogTail } from "./LogTail";
import { useRun } from "./queries";
import { RunDeeds } from "./RunDeeds";
import { isOver, RunProgress, RunState, reasonOf } from "./RunState";
import { took } from "./RunsTab";

const LIMITS: Record<string, string> = {
	job: "the job's own limit",
	schedule: "set by its schedule",
	feed: "set by its feed",
	run: "set for this run",
};

type Props = {
	id: string;
	/** The person came to run it again. */
	again?: boolean;
	onClose: () => void;
	onOpen: (id: string) => void;
};

export function RunPanel({ id, again, onClose, onOpen }: Props) {
	const run = useRun(id);
	const may = useCan("analyst");
	return (
		<SlideOver title={run.data?.title ?? "Run"} about={run.data?.job} onClose={onClose}>
			{run.isPending ? (
				<LoadingPanel what="run" />
			) : failed(run) ? (
				<ProblemPanel error={run.error} retry={run.refetch} />
			) : (
				<>
					<Run run={run.data} onOpen={onOpen} />
					{again && may && isOver(run.data) && (
						<AskAgain run={run.data} onOpen={onOpen} onAnswered={() => onOpen(id)} />
					)}
				</>
			)}
		</SlideOver>
	);
}

function Run({ run, onOpen }: { run: RunOut; onOpen: (id: string) => void }) {
	const may = useCan("analyst");
	const readsLogs = useCan("admin");
	const names = usePeople(Boolean(run.requested_by || run.pause_requested_by || run.cancel_requested_by));
	const times: [string, string | null, (string | null)?][] = [
		["Queued", run.created_at, run.requested_by],
		["Started", run.started_at],
		["Paused", run.pause_requested_at, run.pause_requested_by],
		["Stopped", run.cancel_requested_at, run.cancel_requested_by],
		["Finished", run.finished_at],
	];
	const limit = [
		`Stopped after ${duration(run.timeout_seconds)}`,
		run.soft_timeout_seconds && `asked to stop after ${duration(run.soft_timeout_seconds)}`,
	]
		.filter(Boolean)
		.join(", ");
	return (
		<>
			<PanelBody>
				<Stack gap="md">
					<Group gap="sm">
						<RunState state={run.state} />
						<Text size="sm" c="dimmed" className="numeric">
							{[run.started_at && took(run), run.attempts > 1 && `attempt ${run.attempts}`]
								.filter(Boolean)
								.join(" · ")}
						</Text>
					</Group>
					<RunProgress run={run} figures />
					{run.error === null && reasonOf(run) && (
						<Text size="sm" className="sentence">
							{reasonOf(run)}
						</Text>
					)}
					{run.error && (
						<Alert color="red" title={run.error.detail || "It failed"}>
							<Code>{run.error.code}</Code>
						</Alert>
					)}
					<Group gap="lg">
						{times.map(
							([name, at, by]) =>
								at && (
									<Text key={name} size="xs" c="dimmed">
										{name} <span className="numeric">{moment(at)}</span>
										{by && names.has(by) && ` by ${names.get(by)}`}
									</Text>
								),
						)}
					</Group>
					<Text size="xs" c="dimmed">
						{limit} ({LIMITS[run.timeout_from] ?? run.timeout_from})
					</Text>
					{Object.keys(run.parameters).length > 0 && (
						<details>
							<summary style={{ cursor: "pointer", fontSize: 13 }}>Parameters</summary>
							<Code block mt="xs">
								{JSON.stringify(run.parameters, null, 2)}
							</Code>
						</details>
					)}
					<section aria-labelledby="log">
						<Group justify="space-between" mb="xs">
							<Title order={3} size="h6" id="log">
								Log
							</Title>
							{readsLogs && (
								<Anchor
									size="sm"
									renderRoot={(props) => (
										<Link {...props} to="/logs" search={{ run_id: run.id, span: "31d" }} />
									)}
								>
									All lines of this run
								</Anchor>
							)}
						</Group>
						<LogTail run={run.id} />
					</section>
				</Stack>
			</PanelBody>
			{may && <RunDeeds run={run} onOpen={onOpen} />}
		</>
	);
}
