import { Button, Group } from "@mantine/core";
import { Pause, Play, Send } from "lucide-react";
import type { ReportScheduleOut } from "@/api/generated/types.gen";
import { failed, onItsWay, sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { SlideOver } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { complain, say } from "@/shared/undo";
import { useBrands } from "../brands/queries";
import {
	useMail,
	useMembers,
	usePauseSchedule,
	useReportSchedule,
	useResumeSchedule,
	useTestSchedule,
} from "./leaving";
import { ScheduleForm } from "./ScheduleForm";

type Props = { id: string; onClose: () => void };

export function SchedulePanel({ id, onClose }: Props) {
	// That no mail leaves is said above the form; brands are lines of it, and members stand beside who is outside.
	const waits = [useMail(), useBrands(), useMembers()].some(onItsWay);
	if (id !== "new") return <OpenSchedule id={id} onClose={onClose} waits={waits} />;
	return (
		<SlideOver title="A report that leaves by itself" onClose={onClose}>
			{waits ? <LoadingPanel what="schedule" /> : <ScheduleForm schedule={undefined} />}
		</SlideOver>
	);
}

function OpenSchedule({ id, onClose, waits }: Props & { waits: boolean }) {
	const schedule = useReportSchedule(id);
	return (
		<SlideOver title={schedule.data?.title ?? "Schedule"} about={schedule.data?.when} onClose={onClose}>
			{failed(schedule) ? (
				<ProblemPanel error={schedule.error} retry={schedule.refetch} />
			) : schedule.isPending || waits ? (
				<LoadingPanel what="schedule" />
			) : (
				<ScheduleForm key={id} schedule={schedule.data}>
					<Now schedule={schedule.data} />
				</ScheduleForm>
			)}
		</SlideOver>
	);
}

function Now({ schedule: { id, paused } }: { schedule: ReportScheduleOut }) {
	const test = useTestSchedule();
	const pause = usePauseSchedule();
	const resume = useResumeSchedule();
	const mayTest = useCan("analyst");
	const mayPause = useCan("admin");
	const path = { report_schedule_id: id };
	const onError = (error: unknown) => complain(sentence(error));
	return (
		<Group gap="xs">
			{mayTest && (
				<Button
					size="xs"
					variant="default"
					leftSection={<Send size={14} />}
					loading={test.isPending}
					onClick={() =>
						test.mutate({ path }, { onSuccess: () => say("A test is on its way to you"), onError })
					}
				>
					Send a test to me
				</Button>
			)}
			{mayPause && (
				<Button
					size="xs"
					variant="default"
					leftSection={paused ? <Play size={14} /> : <Pause size={14} />}
					loading={pause.isPending || resume.isPending}
					onClick={() => (paused ? resume : pause).mutate({ path }, { onError })}
				>
					{paused ? "Resume" : "Pause"}
				</Button>
			)}
		</Group>
	);
}
