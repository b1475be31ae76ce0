import { Badge, Text } from "@mantine/core";
import { FileChartColumn } from "lucide-react";
import type { ReactNode } from "react";
import type { ReportSummary } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { useCan } from "@/api/session";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { count } from "@/shared/numbers";
import { ShowMore } from "@/shared/ShowMore";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago, day } from "@/shared/time";
import { useReports } from "./queries";

type Props = { onOpen: (id: string) => void; make: ReactNode };

/** The reports that were made, newest first. */
export function ReportsTab({ onOpen, make }: Props) {
	const reports = useReports();
	const guest = !useCan("viewer");
	const rows = reports.data?.pages.flatMap(({ items }) => items) ?? [];
	if (reports.isPending) return <LoadingRows what="reports" rows={5} />;
	if (failed(reports)) return <ProblemPanel error={reports.error} retry={reports.refetch} />;
	if (rows.length === 0 && guest) {
		return (
			<Empty icon={FileChartColumn} title="No report is shared yet">
				Here you find the reports that somebody of the organization shares by a link.
			</Empty>
		);
	}
	if (rows.length === 0) {
		return (
			<Empty icon={FileChartColumn} title="No reports yet" action={make}>
				Volume by day, share of voice, tone with its uncertainty, outlets and top stories of a range of days:
				as a page, a PDF or a table.
			</Empty>
		);
	}
	return (
		<>
			<DataTable label="Reports" rows={rows} columns={columns(onOpen)} id={({ id }) => id} onOpen={onOpen} />
			<ShowMore list={reports} />
		</>
	);
}

function columns(onOpen: (id: string) => void): Column<ReportSummary>[] {
	return [
		{
			key: "title",
			title: "Report",
			render: (report) => (
				<>
					<RowName onClick={() => onOpen(report.id)}>{report.title}</RowName>
					<Text size="xs" c="dimmed">
						{day(report.since_on)} – {day(report.until_on)}
					</Text>
				</>
			),
		},
		{
			key: "state",
			title: "State",
			fit: true,
			render: ({ state }) =>
				state === "ready" ? (
					<Badge color="green">Ready</Badge>
				) : state === "failed" ? (
					<Badge color="red">Failed</Badge>
				) : (
					<Badge color="iris">Being written</Badge>
				),
		},
		{
			key: "mentions",
			title: "Mentions",
			align: "right",
			fit: true,
			from: "medium",
			render: ({ mentions }) => <span className="numeric">{mentions === null ? "–" : count(mentions)}</span>,
		},
		{
			key: "stories",
			title: "Stories",
			align: "right",
			fit: true,
			from: "wide",
			render: ({ stories }) => <span className="numeric">{stories === null ? "–" : count(stories)}</span>,
		},
		{
			key: "made",
			title: "Made",
			fit: true,
			from: "medium",
			render: ({ created_at }) => <Ago at={created_at} />,
		},
	];
}
