import { Badge, Stack, Text } from "@mantine/core";
import { CalendarClock } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { ScheduleOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { Filters, Words } from "@/shared/Filters";
import { useNeighbourKeys } from "@/shared/keys";
import { ShowMore } from "@/shared/ShowMore";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago, duration } from "@/shared/time";
import { inWords } from "./cron";
import { useSchedules } from "./queries";
import { RunState } from "./RunState";

type Props = { open: string | undefined; onOpen: (id: string) => void; plan: ReactNode };

export function SchedulesTab({ open, onOpen, plan }: Props) {
	const [words, setWords] = useState<string>();
	const schedules = useSchedules(words);
	const rows = schedules.data?.pages.flatMap(({ items }) => items) ?? [];
	useNeighbourKeys(
		rows.map(({ id }) => id),
		open,
		onOpen,
	);
	if (schedules.isPending) return <LoadingRows what="schedules" rows={4} />;
	if (failed(schedules)) return <ProblemPanel error={schedules.error} retry={schedules.refetch} />;
	if (rows.length === 0 && !words) {
		return (
			<Empty icon={CalendarClock} title="No schedules yet" action={plan}>
				A schedule starts a job by itself: every weekday at 8:00, say, in the time zone you choose.
			</Empty>
		);
	}
	return (
		<Stack gap="md">
			<Filters>
				<Words label="Search schedules" placeholder="Title or job" value={words} onFind={setWords} />
			</Filters>
			{rows.length === 0 ? (
				<Empty icon={CalendarClock} title="No schedule is like that">
					None has these words in its title, or in the name of its job.
				</Empty>
			) : (
				<DataTable
					label="Schedules"
					rows={rows}
					columns={columns(onOpen)}
					id={({ id }) => id}
					open={open}
					onOpen={onOpen}
				/>
			)}
			<ShowMore list={schedules} />
		</Stack>
	);
}

export function when({ cron, every_seconds }: Pick<ScheduleOut, "cron" | "every_seconds">): string {
	if (cron) return inWords(cron);
	return every_seconds ? `Every ${duration(every_seconds)}` : "–";
}

function columns(onOpen: (id: string) => void): Column<ScheduleOut>[] {
	return [
		{
			key: "title",
			title: "Schedule",
			render: (schedule) => (
				<>
					<RowName onClick={() => onOpen(schedule.id)}>{schedule.title}</RowName>
					<Text size="xs" c="dimmed">
						{when(schedule)} · {schedule.time_zone}
					</Text>
					{schedule.paused_because && <Text size="xs">Stopped by itself: {schedule.paused_because}</Text>}
				</>
			),
		},
		{
			key: "next",
			title: "Next",
			fit: true,
			render: ({ paused, next_at }) =>
				paused ? <Badge color="gray">Paused</Badge> : next_at ? <Ago at={next_at} /> : "–",
		},
		{
			key: "last",
			title: "Last run",
			fit: true,
			from: "medium",
			render: ({ last_run }) => (last_run ? <RunState state={last_run.state} /> : "–"),
		},
		{
			key: "lastAt",
			title: "Last started",
			fit: true,
			from: "wide",
			render: ({ last_run }) => (last_run ? <Ago at={last_run.created_at} /> : "–"),
		},
	];
}
