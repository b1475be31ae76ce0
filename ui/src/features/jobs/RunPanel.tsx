import { Alert, Button, Code, Group, Stack, Text, Title } from "@mantine/core";
import { Play, Square } from "lucide-react";
import type { RunOut } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { PanelBody, PanelFoot, SlideOver } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { moment } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import { LogTail } from "./LogTail";
import { useCancelRun, useRun, useStartRun } from "./queries";
import { isOver, RunProgress, RunState } from "./RunState";
import { took } from "./RunsTab";

type Props = { id: string; onClose: () => void; onOpen: (id: string) => void };

export function RunPanel({ id, onClose, onOpen }: Props) {
	const run = useRun(id);
	return (
		<SlideOver title={run.data?.title ?? "Run"} about={run.data?.job} onClose={onClose}>
			{run.isPending ? (
				<LoadingPanel what="run" />
			) : run.isError ? (
				<ProblemPanel error={run.error} retry={run.refetch} />
			) : (
				<Run run={run.data} onOpen={onOpen} />
			)}
		</SlideOver>
	);
}

function Run({ run, onOpen }: { run: RunOut; onOpen: (id: string) => void }) {
	const may = useCan("analyst");
	const cancel = useCancelRun();
	const again = useStartRun();
	const onError = (error: unknown) => complain(sentence(error));
	const times: [string, string | null][] = [
		["Queued", run.created_at],
		["Started", run.started_at],
		["Finished", run.finished_at],
	];
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
					{run.outcome && (
						<Text size="sm" className="sentence">
							{run.outcome}
						</Text>
					)}
					{run.error && (
						<Alert color="red" title={run.error.detail || "It failed"}>
							<Code>{run.error.code}</Code>
						</Alert>
					)}
					<Group gap="lg">
						{times.map(
							([name, at]) =>
								at && (
									<Text key={name} size="xs" c="dimmed">
										{name} <span className="numeric">{moment(at)}</span>
									</Text>
								),
						)}
					</Group>
					{Object.keys(run.parameters).length > 0 && (
						<details>
							<summary style={{ cursor: "pointer", fontSize: 13 }}>Parameters</summary>
							<Code block mt="xs">
								{JSON.stringify(run.parameters, null, 2)}
							</Code>
						</details>
					)}
					<section aria-labelledby="log">
						<Title order={3} size="h6" mb="xs" id="log">
							Log
						</Title>
						<LogTail run={run.id} />
					</section>
				</Stack>
			</PanelBody>
			{may && (
				<PanelFoot>
					{isOver(run) ? (
						<Button
							variant="default"
							leftSection={<Play size={14} />}
							loading={again.isPending}
							onClick={() =>
								again.mutate(
									{ body: { job: run.job, parameters: run.parameters } },
									{ onSuccess: ({ id }) => onOpen(id), onError },
								)
							}
						>
							Run again
						</Button>
					) : (
						<Button
							variant="default"
							leftSection={<Square size={13} />}
							loading={cancel.isPending}
							disabled={!run.can_cancel}
							onClick={() =>
								cancel.mutate(
									{ path: { run_id: run.id } },
									{ onSuccess: () => say("It is being stopped"), onError },
								)
							}
						>
							{run.can_cancel ? "Cancel the run" : "Stopping…"}
						</Button>
					)}
				</PanelFoot>
			)}
		</>
	);
}
