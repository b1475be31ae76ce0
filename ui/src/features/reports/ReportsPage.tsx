import { Badge, Button, Center, Text } from "@mantine/core";
import { FileChartColumn, Plus } from "lucide-react";
import type { ReportSummary } from "@/api/generated/types.gen";
import { useCan } from "@/api/session";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { later } from "@/shared/later";
import { count } from "@/shared/numbers";
import { Page } from "@/shared/Page";
import type { Range } from "@/shared/range";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago, day } from "@/shared/time";
import { useReports } from "./queries";

const NewReportPanel = later(async () => (await import("./NewReportPanel")).NewReportPanel);

type Props = {
	asking: boolean;
	range: Range;
	onAsk: (asking: boolean) => void;
	onOpen: (id: string) => void;
};

export function ReportsPage({ asking, range, onAsk, onOpen }: Props) {
	const reports = useReports();
	const may = useCan("analyst");
	const rows = reports.data?.pages.flatMap(({ items }) => items) ?? [];
	const make = may && (
		<Button leftSection={<Plus size={16} />} onClick={() => onAsk(true)}>
			Make a report
		</Button>
	);
	return (
		<Page
			title="Reports"
			about="What was said, to read, to print and to pass on. Each number opens its evidence"
			actions={(rows.length > 0 || !reports.isSuccess) && make}
		>
			{reports.isPending ? (
				<LoadingRows what="reports" rows={5} />
			) : reports.isError ? (
				<ProblemPanel error={reports.error} retry={reports.refetch} />
			) : rows.length === 0 ? (
				<Empty icon={FileChartColumn} title="No reports yet" action={make}>
					Volume by day, share of voice, tone with its uncertainty, outlets and top stories of a range of
					days: as a page, a PDF or a table.
				</Empty>
			) : (
				<>
					<DataTable
						label="Reports"
						rows={rows}
						columns={columns(onOpen)}
						id={({ id }) => id}
						onOpen={onOpen}
					/>
					{reports.hasNextPage && (
						<Center>
							<Button
								variant="subtle"
								color="gray"
								loading={reports.isFetchingNextPage}
								onClick={() => reports.fetchNextPage()}
							>
								Show more
							</Button>
						</Center>
					)}
				</>
			)}
			{asking && <NewReportPanel range={range} onClose={() => onAsk(false)} onMade={onOpen} />}
		</Page>
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
