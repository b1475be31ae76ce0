import { Badge, Group, Text } from "@mantine/core";
import { MailPlus } from "lucide-react";
import type { ReactNode } from "react";
import type { ReportScheduleOut } from "@/api/generated/types.gen";
import { failed, onItsWay } from "@/api/problems";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { useNeighbourKeys } from "@/shared/keys";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago, moment } from "@/shared/time";
import { useMail, useReportSchedules } from "./leaving";
import { NoMail } from "./NoMail";

type Props = { open: string | undefined; onOpen: (id: string) => void; plan: ReactNode };

/** The reports that leave by themselves. */
export function SchedulesTab({ open, onOpen, plan }: Props) {
	const schedules = useReportSchedules();
	const mail = useMail();
	const rows = schedules.data ?? [];
	useNeighbourKeys(
		rows.map(({ id }) => id),
		open,
		onOpen,
	);
	if (schedules.isPending || onItsWay(mail)) return <LoadingRows what="schedules" rows={4} />;
	if (failed(schedules)) return <ProblemPanel error={schedules.error} retry={schedules.refetch} />;
	if (rows.length === 0) {
		return (
			<Empty icon={MailPlus} title="No report leaves by itself yet" action={plan}>
				Every weekday at 8:00 to you, on the first of the month to a client: each by the reader's own clock,
				and not at all when there is nothing to tell.
			</Empty>
		);
	}
	return (
		<>
			<NoMail />
			<DataTable
				label="Reports that leave by themselves"
				rows={rows}
				columns={columns(onOpen)}
				id={({ id }) => id}
				open={open}
				onOpen={onOpen}
			/>
		</>
	);
}

function columns(onOpen: (id: string) => void): Column<ReportScheduleOut>[] {
	return [
		{
			key: "title",
			title: "Schedule",
			render: (schedule) => (
				<>
					<RowName onClick={() => onOpen(schedule.id)}>{schedule.title}</RowName>
					<Text size="xs" c="dimmed">
						{schedule.when}
					</Text>
				</>
			),
		},
		{
			key: "readers",
			title: "Readers",
			fit: true,
			from: "medium",
			render: ({ recipients }) => {
				const stopped = recipients.filter(({ state }) => state === "refused").length;
				return (
					<Group gap={6} wrap="nowrap">
						<span className="numeric">{recipients.filter(({ state }) => state === "active").length}</span>
						{stopped > 0 && (
							<Badge color="orange" variant="light">
								{stopped} refused
							</Badge>
						)}
					</Group>
				);
			},
		},
		{
			key: "next",
			title: "Next",
			fit: true,
			render: ({ paused, next_times: [next] }) =>
				paused ? <Badge color="gray">Paused</Badge> : next ? moment(next) : "–",
		},
		{
			key: "last",
			title: "Last",
			fit: true,
			from: "wide",
			render: ({ last }) =>
				last ? (
					<Group gap={6} wrap="nowrap">
						<Ago at={last.window_at} />
						<Outcome {...last} />
					</Group>
				) : (
					"–"
				),
		},
	];
}

function Outcome({ sent, waiting, skipped, failed }: NonNullable<ReportScheduleOut["last"]>) {
	// One of three readers who is refused does not hide that one has it, and that one still waits for it.
	return (
		<>
			{failed > 0 && <Badge color="red">{failed} not sent</Badge>}
			{waiting > 0 && <Badge color="blue">{waiting} on the way</Badge>}
			{sent > 0 && <Badge color="teal">{sent} sent</Badge>}
			{skipped > 0 && sent + waiting + failed === 0 && <Badge color="gray">Nothing to tell</Badge>}
		</>
	);
}
