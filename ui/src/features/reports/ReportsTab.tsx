import { Badge, Button, Checkbox, Group, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { FileChartColumn, SearchX } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { NewReportDeed, ReportSummary } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { useCan } from "@/api/session";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { Filters, Words } from "@/shared/Filters";
import { useKeys, useNeighbourKeys } from "@/shared/keys";
import { later } from "@/shared/later";
import { count } from "@/shared/numbers";
import { ShowMore } from "@/shared/ShowMore";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago, day } from "@/shared/time";
import { type Selection, useSelection } from "../mentions/useSelection";
import { type Filter, useReportTags } from "./deeds";
import { useAnyReport, useReports } from "./queries";
import classes from "./ReportsTab.module.css";
import type { ReportsSearch } from "./search";

const ReportsBar = later(async () => (await import("./ReportsBar")).ReportsBar);

type Props = {
	search: ReportsSearch;
	onSearch: (change: Partial<ReportsSearch>) => void;
	onOpen: (id: string) => void;
	make: ReactNode;
	onAct: (deed: NewReportDeed, then?: () => void) => void;
	onUndo: () => void;
	busy: boolean;
};

/** The reports that were made, newest first: found by their title, chosen, tagged, put away and deleted. */
export function ReportsTab({ search, onSearch, onOpen, make, onAct, onUndo, busy }: Props) {
	const { q, tag, view } = search;
	const guest = !useCan("viewer");
	const may = useCan("analyst");
	const away = view === "archived";
	const any = useAnyReport();
	const reports = useReports({
		...(q && { q }),
		...(tag && { tag: [tag] }),
		// A guest is shown what is shared, wherever the organization keeps it.
		...(!guest && { archived: away }),
	});
	const filter: Filter = { ...(q && { q }), ...(tag && { tags: [tag] }), archived: away };
	const rows = reports.data?.pages.flatMap(({ items }) => items) ?? [];
	const ids = rows.map(({ id }) => id);
	const selection = useSelection(JSON.stringify(filter), ids);
	const [at, setAt] = useState<string>();
	useNeighbourKeys(ids, at, (id) =>
		document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"] button`)?.focus(),
	);
	useKeys({
		...(may && {
			x: () => at && ids.includes(at) && selection.toggle(at),
			X: () => at && ids.includes(at) && selection.upTo(at),
			u: onUndo,
		}),
	});
	if (any.isPending || reports.isPending) return <LoadingRows what="reports" rows={5} />;
	if (failed(any)) return <ProblemPanel error={any.error} retry={any.refetch} />;
	if (failed(reports)) return <ProblemPanel error={reports.error} retry={reports.refetch} />;
	if (any.data.items.length === 0) return <NoReports guest={guest} make={make} />;
	return (
		<Stack gap="sm">
			<ReportFilters search={search} onSearch={onSearch} guest={guest} />
			{rows.length === 0 ? (
				<NothingFound search={search} onSearch={onSearch} />
			) : (
				<div
					onFocusCapture={({ target }) =>
						setAt(target.closest<HTMLElement>("[data-row]")?.dataset.row ?? undefined)
					}
				>
					<DataTable
						label="Reports"
						rows={rows}
						columns={columns(onOpen, may ? selection : undefined)}
						id={({ id }) => id}
						onOpen={onOpen}
					/>
				</div>
			)}
			<ShowMore list={reports} />
			{may && selection.ids.size > 0 && (
				<ReportsBar selection={selection} filter={filter} away={away} onAct={onAct} busy={busy} />
			)}
		</Stack>
	);
}

function ReportFilters({
	search: { q, tag, view },
	onSearch,
	guest,
}: Pick<Props, "search" | "onSearch"> & { guest: boolean }) {
	const tags = useReportTags(!guest);
	return (
		<>
			{!guest && (
				<SegmentedControl
					size="xs"
					w="fit-content"
					aria-label="What to look at"
					value={view ?? "current"}
					onChange={(value) => onSearch({ view: value === "archived" ? "archived" : undefined })}
					data={[
						{ value: "current", label: "Current" },
						{ value: "archived", label: "Archived" },
					]}
				/>
			)}
			<Filters>
				<Words
					label="Search reports"
					placeholder="Words of a title"
					value={q}
					onFind={(found) => onSearch({ q: found })}
				/>
				{!guest && (
					<Select
						aria-label="Tag"
						placeholder="Tag"
						clearable
						searchable={(tags.data?.items.length ?? 0) > 8}
						value={tag ?? null}
						onChange={(chosen) => onSearch({ tag: chosen ?? undefined })}
						data={[...new Set([...(tags.data?.items.map((one) => one.tag) ?? []), ...(tag ? [tag] : [])])]}
						nothingFoundMessage={tags.isPending ? "Loading tags" : "No tags yet"}
					/>
				)}
			</Filters>
		</>
	);
}

function NoReports({ guest, make }: { guest: boolean; make: ReactNode }) {
	return guest ? (
		<Empty icon={FileChartColumn} title="No report is shared yet">
			Here you find the reports that somebody of the organization shares by a link.
		</Empty>
	) : (
		<Empty icon={FileChartColumn} title="No reports yet" action={make}>
			Volume by day, share of voice, tone with its uncertainty, outlets and top stories of a range of days: as
			a page, a PDF or a table.
		</Empty>
	);
}

function NothingFound({ search: { q, tag, view }, onSearch }: Pick<Props, "search" | "onSearch">) {
	if (q || tag) {
		return (
			<Empty
				icon={SearchX}
				title="Nothing passes these filters"
				action={
					<Button variant="default" onClick={() => onSearch({ q: undefined, tag: undefined })}>
						Clear the filters
					</Button>
				}
			>
				Try fewer words, or another tag.
			</Empty>
		);
	}
	if (view === "archived") {
		return (
			<Empty icon={FileChartColumn} title="Nothing archived">
				Choose reports and press e to put them away. They stay as they are, and so do their links.
			</Empty>
		);
	}
	return (
		<Empty
			icon={FileChartColumn}
			title="All reports are put away"
			action={
				<Button variant="default" onClick={() => onSearch({ view: "archived" })}>
					See what was put away
				</Button>
			}
		>
			New ones appear here.
		</Empty>
	);
}

function columns(onOpen: (id: string) => void, selection: Selection | undefined): Column<ReportSummary>[] {
	return [
		{
			key: "title",
			title: "Report",
			render: (report) => (
				<div className={classes.name}>
					{selection && <Choose report={report} selection={selection} />}
					<div>
						<RowName onClick={() => onOpen(report.id)}>{report.title}</RowName>
						<Text size="xs" c="dimmed">
							{day(report.since_on)} – {day(report.until_on)}
						</Text>
						{report.tags && report.tags.length > 0 && (
							<Group gap={4} mt={4}>
								{report.tags.map((tag) => (
									<Badge key={tag} title={tag} size="sm" color="gray" miw={0} maw="100%">
										{tag}
									</Badge>
								))}
							</Group>
						)}
					</div>
				</div>
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

function Choose({ report, selection }: { report: ReportSummary; selection: Selection }) {
	return (
		<Checkbox
			size="xs"
			className={classes.choose}
			aria-label={`Choose “${report.title}”`}
			checked={selection.all || selection.ids.has(report.id)}
			onClick={(event) => {
				event.stopPropagation();
				if (!event.shiftKey) return;
				event.preventDefault();
				selection.upTo(report.id);
			}}
			onChange={() => selection.toggle(report.id)}
		/>
	);
}
