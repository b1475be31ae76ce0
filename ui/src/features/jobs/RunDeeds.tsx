import { Button } from "@mantine/core";
import { Pause, Play, RotateCcw, Square } from "lucide-react";
import type { RunOut } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { PanelFoot } from "@/shared/SlideOver";
import { complain, say } from "@/shared/undo";
import { useCancelRun, usePauseRun, useReplayRun, useResumeRun, useStartRun } from "./queries";
import { isOver } from "./RunState";

/** What can be done to a run in its state, at the foot of its panel. */
export function RunDeeds({ run, onOpen }: { run: RunOut; onOpen: (id: string) => void }) {
	const pause = usePauseRun();
	const resume = useResumeRun();
	const cancel = useCancelRun();
	const replay = useReplayRun();
	const again = useStartRun();
	const path = { run_id: run.id };
	const onError = (error: unknown) => complain(sentence(error));
	if (isOver(run)) {
		return (
			<PanelFoot>
				{run.can_replay && (
					<Button
						variant="default"
						leftSection={<RotateCcw size={14} />}
						loading={replay.isPending}
						onClick={() =>
							replay.mutate(
								{ path },
								{ onSuccess: () => say("It goes on after the steps it had finished"), onError },
							)
						}
					>
						Replay
					</Button>
				)}
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
			</PanelFoot>
		);
	}
	return (
		<PanelFoot>
			{run.can_resume ? (
				<Button
					variant="default"
					leftSection={<Play size={14} />}
					loading={resume.isPending}
					onClick={() => resume.mutate({ path }, { onError })}
				>
					{run.state === "paused" ? "Resume" : "Begin now"}
				</Button>
			) : null}
			{run.state !== "paused" && (
				<Button
					variant="default"
					leftSection={<Pause size={14} />}
					loading={pause.isPending}
					disabled={!run.can_pause}
					onClick={() => pause.mutate({ path }, { onError })}
				>
					{run.pause_requested_at ? "Pausing…" : "Pause"}
				</Button>
			)}
			<Button
				variant="default"
				leftSection={<Square size={13} />}
				loading={cancel.isPending}
				disabled={!run.can_cancel}
				onClick={() => cancel.mutate({ path }, { onSuccess: () => say("It is being stopped"), onError })}
			>
				{run.can_cancel ? "Cancel the run" : "Stopping…"}
			</Button>
		</PanelFoot>
	);
}
