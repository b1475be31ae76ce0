import { Badge, Button, Group, Select, Stack, Text } from "@mantine/core";
import { BrushCleaning, CircleCheck } from "lucide-react";
import { useState } from "react";
import type { StuckRun } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { plural } from "@/shared/numbers";
import { PanelBody, PanelFoot, SlideOver } from "@/shared/SlideOver";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import { useCleanUp, useStuck } from "./queries";
import { RunState } from "./RunState";
import classes from "./Stuck.module.css";

const SILENT = [
	{ value: "1m", label: "Silent for a minute" },
	{ value: "5m", label: "Silent for 5 minutes" },
	{ value: "1h", label: "Silent for an hour" },
	{ value: "1d", label: "Silent for a day" },
];

const DEEDS: Record<StuckRun["action"], { label: string; color: string }> = {
	resume: { label: "Goes on elsewhere", color: "iris" },
	lose: { label: "Is given up as lost", color: "yellow" },
	bury: { label: "Is given up for good", color: "red" },
};

/** Runs of all organizations that do not get on: first the list of what would be done, then the button that does it. */
export function StuckPanel({ onClose }: { onClose: () => void }) {
	const [silent, setSilent] = useState("5m");
	const stuck = useStuck(silent);
	const clean = useCleanUp();
	const runs = stuck.data?.runs ?? [];
	const settle = () =>
		clean.mutate(
			{ query: { older_than: silent, dry_run: false } },
			{
				onSuccess: ({ settled, runs: all }) =>
					say(
						settled === all.length
							? `${plural(settled, "run")} settled`
							: `${settled} of ${plural(all.length, "run")} settled: the others got on meanwhile`,
					),
				onError: (error) => complain(sentence(error)),
			},
		);
	return (
		<SlideOver
			title="Runs that do not get on"
			about="Of all organizations, with what is best done about each"
			onClose={onClose}
		>
			<PanelBody>
				<Stack gap="md">
					<Select
						label="Which"
						allowDeselect={false}
						data={SILENT}
						value={silent}
						onChange={(value) => setSilent(value ?? "5m")}
					/>
					{stuck.isPending ? (
						<LoadingRows what="stuck runs" rows={3} />
					) : failed(stuck) ? (
						<ProblemPanel error={stuck.error} retry={stuck.refetch} />
					) : runs.length === 0 ? (
						<Empty icon={CircleCheck} title="Every run gets on" level={3}>
							Each run says every few seconds that somebody is at work on it. One that falls silent for longer
							is looked after by itself, too.
						</Empty>
					) : (
						<ul className={classes.list} aria-label="Stuck runs">
							{runs.map((run) => (
								<Stuck key={run.run_id} run={run} />
							))}
						</ul>
					)}
				</Stack>
			</PanelBody>
			<PanelFoot>
				<Button variant="default" onClick={onClose}>
					Close
				</Button>
				<Button
					leftSection={<BrushCleaning size={15} />}
					disabled={runs.length === 0}
					loading={clean.isPending}
					onClick={settle}
				>
					{runs.length === 0 ? "Clean up" : `Settle ${plural(runs.length, "run")}`}
				</Button>
			</PanelFoot>
		</SlideOver>
	);
}

function Stuck({ run }: { run: StuckRun }) {
	const { label, color } = DEEDS[run.action];
	return (
		<li className={classes.item}>
			<Group justify="space-between" gap="xs" wrap="nowrap" align="start">
				<Text fw={600} size="sm" style={{ overflowWrap: "anywhere" }}>
					{run.title}
				</Text>
				<Badge color={color} style={{ flexShrink: 0 }}>
					{label}
				</Badge>
			</Group>
			<Text size="sm" className="sentence" mt={4}>
				{run.reason}
			</Text>
			<Group gap="sm" mt={6}>
				<RunState state={run.state} />
				<Text size="xs" c="dimmed">
					silent since <Ago at={run.silent_since} />
					{run.worker && ` · ${run.worker}`}
				</Text>
			</Group>
		</li>
	);
}
