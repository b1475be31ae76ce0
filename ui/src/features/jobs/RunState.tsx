import { Badge, Group, Progress, Text } from "@mantine/core";
import type { RunOut } from "@/api/generated/types.gen";
import { count, percent } from "@/shared/numbers";
import { duration, moment } from "@/shared/time";

export type State = RunOut["state"];

export const STATES: Record<State, { label: string; color: string }> = {
	scheduled: { label: "Scheduled", color: "gray" },
	queued: { label: "Queued", color: "gray" },
	waiting: { label: "Waiting", color: "yellow" },
	running: { label: "Running", color: "iris" },
	paused: { label: "Paused", color: "gray" },
	done: { label: "Done", color: "green" },
	partial: { label: "Partly done", color: "yellow" },
	failed: { label: "Failed", color: "red" },
	timed_out: { label: "Timed out", color: "red" },
	cancelled: { label: "Cancelled", color: "gray" },
	lost: { label: "Lost", color: "red" },
	dead: { label: "Given up", color: "red" },
};

const ACTIVE: RunOut["state"][] = ["scheduled", "queued", "waiting", "running", "paused"];

export function RunState({ state }: { state: RunOut["state"] }) {
	const { label, color } = STATES[state];
	return <Badge color={color}>{label}</Badge>;
}

export function isOver({ state }: Pick<RunOut, "state">): boolean {
	return !ACTIVE.includes(state);
}

/** Why it stands where it stands, and until when. */
export function reasonOf({ reason, state, due_at }: RunOut): string | null {
	if ((state === "waiting" || state === "scheduled") && due_at)
		return `${reason ?? STATES[state].label}, ${state === "waiting" ? "until" : "at"} ${moment(due_at)}`;
	return reason;
}

/** A bar where the end is known, a moving one where it is not; nothing for what has not begun. */
export function RunProgress({ run, figures }: { run: RunOut; figures?: boolean }) {
	const { progress, state } = run;
	if (!progress && state !== "running") return null;
	const total = progress?.total ?? 0;
	const share = progress?.share ?? (total > 0 ? Math.min(1, (progress?.done ?? 0) / total) : undefined);
	const unknown = share === undefined && state === "running";
	return (
		<div>
			<Group gap="xs" wrap="nowrap">
				<Progress
					value={unknown ? 100 : (share ?? 1) * 100}
					animated={unknown}
					color={STATES[state].color}
					flex={1}
					size="sm"
					aria-label={`Progress of ${run.title}`}
					transitionDuration={300}
				/>
				{share !== undefined && (
					<Text size="xs" c="dimmed" w={40} ta="right" className="numeric">
						{percent(share)}
					</Text>
				)}
			</Group>
			{figures && progress && (
				<Text size="sm" c="dimmed" mt={4}>
					{[
						progress.step_count && `Step ${progress.step_number ?? 1} of ${progress.step_count}`,
						progress.text ?? progress.step,
						progress.total ? `${count(progress.done)} of ${count(progress.total)}` : null,
						state === "running" && progress.seconds_left
							? progress.seconds_left < 5
								? "a moment left"
								: `about ${duration(Math.round(progress.seconds_left))} left`
							: null,
					]
						.filter(Boolean)
						.join(" · ")}
				</Text>
			)}
		</div>
	);
}
