import { Button, Group, Stack, Text } from "@mantine/core";
import { Inbox, RotateCcw } from "lucide-react";
import { useState } from "react";
import type { DeadGroupOut, RunOut } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { useNeighbourKeys } from "@/shared/keys";
import { plural } from "@/shared/numbers";
import { ShowMore } from "@/shared/ShowMore";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import classes from "./DeadLetters.module.css";
import { useDeadGroups, useDeadLetters, useReplayDead } from "./queries";

/** What each class of failure asks of a person, in a few words. */
const ADVICE: Record<string, string> = {
	network: "A server could not be reached, however often it was tried",
	backoff: "A server kept failing",
	slow_down: "A service kept asking to slow down",
	storage: "There was no room on the disk",
	poison: "Workers died of it again and again",
	config: "A setting or a parameter is not right",
	auth: "A key is not accepted",
	billing: "A bill is open",
	fatal: "It cannot succeed as it is",
};

type Props = { open: string | undefined; onOpen: (id: string) => void };

export function DeadLettersTab({ open, onOpen }: Props) {
	const [chosen, setChosen] = useState<DeadGroupOut | null>(null);
	const groups = useDeadGroups();
	// Replayed, it is no cause any more: then all are shown.
	const only = chosen && groups.data?.some((group) => isSame(group, chosen)) ? chosen : null;
	const letters = useDeadLetters(
		only ? { error_class: only.error_class, error_code: only.error_code, job: [only.job] } : {},
	);
	const rows = letters.data?.pages.flatMap(({ items }) => items) ?? [];
	useNeighbourKeys(
		rows.map(({ id }) => id),
		open,
		onOpen,
	);
	if (groups.isPending || letters.isPending) return <LoadingRows what="given up runs" />;
	if (failed(groups)) return <ProblemPanel error={groups.error} retry={groups.refetch} />;
	if (failed(letters)) return <ProblemPanel error={letters.error} retry={letters.refetch} />;
	if (groups.data.length === 0) {
		return (
			<Empty icon={Inbox} title="Nothing was given up">
				A run that failed however often it was tried waits here for a month, so that nothing is lost silently.
			</Empty>
		);
	}
	return (
		<Stack gap="md">
			<ul className={classes.groups} aria-label="Given up runs by cause">
				{groups.data.map((group) => (
					<Cause
						key={`${group.error_class} ${group.error_code} ${group.job}`}
						group={group}
						chosen={only !== null && isSame(group, only)}
						onChoose={(is) => setChosen(is ? group : null)}
					/>
				))}
			</ul>
			<DataTable
				label="Given up runs"
				rows={rows}
				columns={columns(onOpen)}
				id={({ id }) => id}
				open={open}
				onOpen={onOpen}
			/>
			<ShowMore list={letters} />
		</Stack>
	);
}

const isSame = (one: DeadGroupOut, other: DeadGroupOut) =>
	one.error_class === other.error_class && one.error_code === other.error_code && one.job === other.job;

type CauseProps = { group: DeadGroupOut; chosen: boolean; onChoose: (chosen: boolean) => void };

function Cause({ group, chosen, onChoose }: CauseProps) {
	const may = useCan("analyst");
	const replay = useReplayDead();
	const { error_class, error_code, job, title, count, last_at } = group;
	return (
		<li className={classes.group} data-chosen={chosen || undefined}>
			<div style={{ minWidth: 0 }}>
				<button
					type="button"
					className={classes.name}
					aria-pressed={chosen}
					onClick={() => onChoose(!chosen)}
				>
					{title}: {plural(count, "run")}
				</button>
				<Text size="xs" c="dimmed" component="div">
					{ADVICE[error_class] ?? error_class} · {error_code} · last <Ago at={last_at} />
				</Text>
			</div>
			{may && (
				<Button
					size="xs"
					variant="default"
					leftSection={<RotateCcw size={14} />}
					loading={replay.isPending}
					onClick={() =>
						replay.mutate(
							{ body: { error_class, error_code, job: [job] } },
							{
								onSuccess: ({ matched }) => say(`Replaying ${plural(matched, "run")}`),
								onError: (error) => complain(sentence(error)),
							},
						)
					}
				>
					Replay {count === 1 ? "it" : `all ${count}`}
				</Button>
			)}
		</li>
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
						{run.error?.detail}
					</Text>
				</>
			),
		},
		{ key: "code", title: "Code", fit: true, from: "medium", render: ({ error }) => error?.code },
		{
			key: "tries",
			title: "Tries",
			fit: true,
			align: "right",
			from: "wide",
			render: ({ attempts }) => <Group justify="flex-end">{attempts}</Group>,
		},
		{
			key: "at",
			title: "Given up",
			fit: true,
			render: ({ finished_at }) => finished_at && <Ago at={finished_at} />,
		},
	];
}
