import { Select, Stack, Switch, Text } from "@mantine/core";
import { Activity } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { RunOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { useCan } from "@/api/session";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { Filters } from "@/shared/Filters";
import { useNeighbourKeys } from "@/shared/keys";
import { count } from "@/shared/numbers";
import { ShowMore } from "@/shared/ShowMore";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago, duration } from "@/shared/time";
import { ManyRuns } from "./ManyRuns";
import { useJobs, useRuns } from "./queries";
import { isOver, RunProgress, RunState, reasonOf, STATES, type State } from "./RunState";

type Props = {
	state: State | undefined;
	onState: (state: State | undefined) => void;
	open: string | undefined;
	onOpen: (id: string) => void;
	start: ReactNode;
};

export function RunsTab({ state, onState, open, onOpen, start }: Props) {
	const [job, setJob] = useState<string | null>(null);
	const may = useCan("analyst");
	const jobs = useJobs();
	const [small, setSmall] = useState(false);
	// Whoever asks for a job or a state wants all of them.
	const all = small || Boolean(state || job);
	const runs = useRuns({
		limit: 50,
		small: all,
		...(state && { state: [state] }),
		...(job && { job: [job] }),
	});
	const rows = runs.data?.pages.flatMap(({ items }) => items) ?? [];
	useNeighbourKeys(
		rows.map(({ id }) => id),
		open,
		onOpen,
	);
	return (
		<Stack gap="md">
			<Filters>
				<Select
					aria-label="Job"
					placeholder="Any job"
					clearable
					searchable
					value={job}
					onChange={setJob}
					data={jobs.data?.map(({ name, title }) => ({ value: name, label: title })) ?? []}
				/>
				<Select
					aria-label="State"
					placeholder="Any state"
					clearable
					value={state ?? null}
					onChange={(value) => onState((value as State | null) ?? undefined)}
					data={Object.entries(STATES).map(([value, { label }]) => ({ value, label }))}
				/>
				{!state && !job && (
					<Switch
						label="Small runs that went well"
						description="A notice that was brought"
						checked={small}
						onChange={({ currentTarget }) => setSmall(currentTarget.checked)}
					/>
				)}
				{may && (
					<ManyRuns
						none={rows.length === 0}
						filter={{ state: state ? [state] : [], job: job ? [job] : [] }}
						narrowed={Boolean(state || job)}
					/>
				)}
			</Filters>
			{runs.isPending ? (
				<LoadingRows what="runs" />
			) : failed(runs) ? (
				<ProblemPanel error={runs.error} retry={runs.refetch} />
			) : rows.length === 0 ? (
				<Empty
					icon={Activity}
					title={state || job ? "No run is like that" : small ? "Nothing has run yet" : "No larger run yet"}
					action={start}
				>
					Each execution of a job is listed here with its progress, its outcome and its log.
				</Empty>
			) : (
				<>
					<DataTable
						label="Runs"
						rows={rows}
						columns={columns(onOpen)}
						id={({ id }) => id}
						open={open}
						onOpen={onOpen}
					/>
					<ShowMore list={runs} />
				</>
			)}
		</Stack>
	);
}

function columns(onOpen: (id: string) => void): Column<RunOut>[] {
	return [
		{
			key: "title",
			title: "Run",
			render: (run) => (
				<>
					<RowName onClick={() => onOpen(run.id)}>{run.title}</RowName>
					<Text size="xs" c="dimmed" lineClamp={1} className="sentence">
						{(run.state === "running" && run.progress?.text) || reasonOf(run) || run.job}
					</Text>
				</>
			),
		},
		{ key: "state", title: "State", fit: true, render: ({ state }) => <RunState state={state} /> },
		{
			key: "progress",
			title: "Progress",
			from: "wide",
			render: (run) => (
				<div style={{ minWidth: 150 }}>{isOver(run) ? <Amount run={run} /> : <RunProgress run={run} />}</div>
			),
		},
		{
			key: "created",
			title: "Started",
			fit: true,
			from: "medium",
			render: ({ started_at, created_at }) => <Ago at={started_at ?? created_at} />,
		},
		{ key: "took", title: "Took", fit: true, align: "right", from: "wide", render: (run) => took(run) },
	];
}

/** What is over needs no bar, which would only shout; how much it was is worth a number. */
function Amount({ run: { progress } }: { run: RunOut }) {
	if (!progress?.total) return null;
	return (
		<Text size="sm" c="dimmed" className="numeric">
			{count(progress.done)} of {count(progress.total)}
		</Text>
	);
}

export function took({ started_at, finished_at }: RunOut): string {
	if (!started_at) return "–";
	const end = finished_at ? new Date(finished_at) : new Date();
	return duration((end.getTime() - new Date(started_at).getTime()) / 1000);
}
