import { Alert, Button, Group } from "@mantine/core";
import { Pause, Play } from "lucide-react";
import type { ScheduleOut } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { SlideOver } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { complain } from "@/shared/undo";
import { useJobs, usePauseSchedule, useResumeSchedule, useSchedule, useStartScheduledRun } from "./queries";
import { ScheduleForm } from "./ScheduleForm";
import { when } from "./SchedulesTab";

type Props = { id: string; onClose: () => void; onOpenRun: (id: string) => void };

export function SchedulePanel({ id, onClose, onOpenRun }: Props) {
	const jobs = useJobs();
	if (id === "new") {
		return (
			<SlideOver title="New schedule" onClose={onClose}>
				{jobs.isPending ? (
					<LoadingPanel what="jobs" />
				) : failed(jobs) ? (
					<ProblemPanel error={jobs.error} retry={jobs.refetch} />
				) : (
					<ScheduleForm schedule={undefined} jobs={jobs.data} />
				)}
			</SlideOver>
		);
	}
	return <OpenSchedule id={id} onClose={onClose} onOpenRun={onOpenRun} />;
}

function OpenSchedule({ id, onClose, onOpenRun }: Props) {
	const jobs = useJobs();
	const schedule = useSchedule(id);
	return (
		<SlideOver
			title={schedule.data?.title ?? "Schedule"}
			about={schedule.data && when(schedule.data)}
			onClose={onClose}
		>
			{failed(schedule) ? (
				<ProblemPanel error={schedule.error} retry={schedule.refetch} />
			) : failed(jobs) ? (
				<ProblemPanel error={jobs.error} retry={jobs.refetch} />
			) : schedule.isPending || jobs.isPending ? (
				<LoadingPanel what="schedule" />
			) : (
				<ScheduleForm key={id} schedule={schedule.data} jobs={jobs.data}>
					{schedule.data.paused_because && (
						<Alert color="yellow" title="It stopped by itself">
							{schedule.data.paused_because}. Correct the schedule, then resume it.
						</Alert>
					)}
					<Now schedule={schedule.data} onOpenRun={onOpenRun} />
				</ScheduleForm>
			)}
		</SlideOver>
	);
}

function Now({ schedule, onOpenRun }: { schedule: ScheduleOut; onOpenRun: (id: string) => void }) {
	const start = useStartScheduledRun();
	const pause = usePauseSchedule();
	const resume = useResumeSchedule();
	const mayStart = useCan("analyst");
	const mayPause = useCan("admin");
	const path = { schedule_id: schedule.id };
	const onError = (error: unknown) => complain(sentence(error));
	return (
		<Group gap="xs">
			{mayStart && (
				<Button
					size="xs"
					variant="default"
					leftSection={<Play size={14} />}
					loading={start.isPending}
					onClick={() => start.mutate({ path }, { onSuccess: ({ id }) => onOpenRun(id), onError })}
				>
					Run now
				</Button>
			)}
			{mayPause && (
				<Button
					size="xs"
					variant="default"
					leftSection={schedule.paused ? <Play size={14} /> : <Pause size={14} />}
					loading={pause.isPending || resume.isPending}
					onClick={() => (schedule.paused ? resume : pause).mutate({ path }, { onError })}
				>
					{schedule.paused ? "Resume" : "Pause"}
				</Button>
			)}
		</Group>
	);
}
