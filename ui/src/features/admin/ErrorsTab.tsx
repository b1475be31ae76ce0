import { Badge, Button, Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { Bug } from "lucide-react";
import type { ErrorGroupDetail, ErrorGroupOut } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { useNeighbourKeys } from "@/shared/keys";
import { count, plural } from "@/shared/numbers";
import { ShowMore } from "@/shared/ShowMore";
import { PanelBody, PanelFoot, SlideOver } from "@/shared/SlideOver";
import { Empty, LoadingPanel, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago } from "@/shared/time";
import { complain, offerUndo } from "@/shared/undo";
import classes from "./Admin.module.css";
import { useChangeFault, useFault, useFaults } from "./queries";
import type { FaultState } from "./search";

type Props = {
	state: FaultState;
	onState: (state: FaultState) => void;
	open: string | undefined;
	onOpen: (id: string | undefined) => void;
};

const EMPTY: Record<FaultState, string> = {
	open: "No open fault",
	resolved: "Nothing has been resolved",
	ignored: "Nothing is ignored",
};

/** Errors grouped by what they have in common: their kind and the places in our code that they came through. */
export function ErrorsTab({ state, onState, open, onOpen }: Props) {
	const faults = useFaults(state);
	const rows = faults.data?.pages.flatMap(({ items }) => items) ?? [];
	useNeighbourKeys(
		rows.map(({ id }) => id),
		open,
		onOpen,
	);
	return (
		<Stack gap="md">
			<SegmentedControl
				aria-label="State"
				style={{ alignSelf: "flex-start" }}
				value={state}
				onChange={(value) => onState(value as FaultState)}
				data={[
					{ value: "open", label: "Open" },
					{ value: "resolved", label: "Resolved" },
					{ value: "ignored", label: "Ignored" },
				]}
			/>
			{faults.isPending ? (
				<LoadingRows what="errors" />
			) : failed(faults) ? (
				<ProblemPanel error={faults.error} retry={faults.refetch} />
			) : rows.length === 0 ? (
				<Empty icon={Bug} title={EMPTY[state]}>
					Errors of requests and runs are grouped here by their kind and place, with how often and to whom
					they happened. One that comes again after it was resolved is opened anew.
				</Empty>
			) : (
				<>
					<DataTable
						label="Faults"
						rows={rows}
						columns={columns(onOpen)}
						id={({ id }) => id}
						open={open}
						onOpen={onOpen}
					/>
					<ShowMore list={faults} />
				</>
			)}
			{open && <FaultPanel key={open} id={open} onClose={() => onOpen(undefined)} />}
		</Stack>
	);
}

function columns(onOpen: (id: string) => void): Column<ErrorGroupOut>[] {
	return [
		{
			key: "fault",
			title: "Fault",
			render: (fault) => (
				<>
					<Group gap={6}>
						<RowName onClick={() => onOpen(fault.id)}>{fault.kind}</RowName>
						{fault.regressed_at && <Badge color="red">Back again</Badge>}
					</Group>
					<Text size="xs" c="dimmed">
						{fault.place}
					</Text>
				</>
			),
		},
		{ key: "day", title: "In a day", align: "right", fit: true, render: ({ last_day }) => count(last_day) },
		{
			key: "count",
			title: "In all",
			align: "right",
			fit: true,
			from: "medium",
			render: ({ count: number }) => count(number),
		},
		{
			key: "organizations",
			title: "Organizations",
			align: "right",
			fit: true,
			from: "wide",
			render: ({ organizations }) => count(organizations),
		},
		{
			key: "first",
			title: "First",
			fit: true,
			from: "wide",
			render: ({ first_seen_at }) => <Ago at={first_seen_at} />,
		},
		{
			key: "last",
			title: "Last",
			fit: true,
			from: "medium",
			render: ({ last_seen_at }) => <Ago at={last_seen_at} />,
		},
	];
}

function FaultPanel({ id, onClose }: { id: string; onClose: () => void }) {
	const fault = useFault(id);
	return (
		<SlideOver title={fault.data?.kind ?? "Fault"} about={fault.data?.place} onClose={onClose}>
			{fault.isPending ? (
				<LoadingPanel what="fault" />
			) : failed(fault) ? (
				<ProblemPanel error={fault.error} retry={fault.refetch} />
			) : (
				<Fault fault={fault.data} onClose={onClose} />
			)}
		</SlideOver>
	);
}

const DONE: Record<FaultState, string> = { open: "Opened again", resolved: "Resolved", ignored: "Ignored" };

function Fault({ fault, onClose }: { fault: ErrorGroupDetail; onClose: () => void }) {
	const change = useChangeFault();
	const become = (state: FaultState, back?: FaultState) =>
		change.mutate(
			{ path: { group_id: fault.id }, body: { state } },
			{
				onSuccess: () => {
					if (back) offerUndo(DONE[state], () => become(back));
				},
				onError: (error) => complain(sentence(error)),
			},
		);
	const leave = (state: FaultState) => {
		become(state, fault.state);
		onClose();
	};
	return (
		<>
			<PanelBody>
				<Stack gap="md">
					{fault.regressed_at && (
						<Text size="sm" className={classes.todo}>
							It was resolved and came again <Ago at={fault.regressed_at} />, in version {fault.last_version}.
						</Text>
					)}
					<Text size="sm">
						{plural(fault.count, "time")} in all, {count(fault.last_day)} in the last day, at{" "}
						{plural(fault.organizations, "organization")}. First <Ago at={fault.first_seen_at} /> in version{" "}
						{fault.first_version}, last <Ago at={fault.last_seen_at} /> in {fault.last_version}.
					</Text>
					<Hours hours={fault.hours} />
					{fault.trace && (
						<section aria-labelledby="trace">
							<Title order={3} size="h6" mb="xs" id="trace">
								Where
							</Title>
							{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse */}
							<pre className={classes.trace} tabIndex={0}>
								{fault.trace}
							</pre>
						</section>
					)}
					<section aria-labelledby="sightings">
						<Title order={3} size="h6" mb="xs" id="sightings">
							Who met it
						</Title>
						<Stack gap="sm">
							{fault.sightings.map((sighting) => (
								<div key={sighting.organization_id}>
									<Text size="sm" fw={550}>
										{sighting.organization}
									</Text>
									<Text size="xs" c="dimmed">
										{plural(sighting.count, "time")}, last <Ago at={sighting.last_seen_at} />
										{sighting.request && ` at ${sighting.request}`}
									</Text>
									<Text size="sm" className={classes.query}>
										{sighting.message}
									</Text>
								</div>
							))}
						</Stack>
					</section>
				</Stack>
			</PanelBody>
			<PanelFoot>
				{fault.state !== "open" && (
					<Button variant="default" loading={change.isPending} onClick={() => become("open")}>
						Open again
					</Button>
				)}
				{fault.state !== "ignored" && (
					<Button variant="default" onClick={() => leave("ignored")}>
						Ignore
					</Button>
				)}
				{fault.state !== "resolved" && <Button onClick={() => leave("resolved")}>Resolve</Button>}
			</PanelFoot>
		</>
	);
}

/** A bar an hour over the last week. */
function Hours({ hours }: { hours: ErrorGroupDetail["hours"] }) {
	const HOUR = 3_600_000;
	const now = Math.floor(Date.now() / HOUR);
	const counts = new Map(hours.map(({ at, count: number }) => [Math.floor(Date.parse(at) / HOUR), number]));
	const most = Math.max(1, ...counts.values());
	const bars = Array.from({ length: 7 * 24 }, (_, at) => now - 7 * 24 + 1 + at);
	const total = hours.reduce((sum, { count: number }) => sum + number, 0);
	return (
		<div
			className={classes.hours}
			role="img"
			aria-label={`${plural(total, "time")} in the last week, by the hour`}
		>
			{bars.map((hour) => (
				<i key={hour} style={{ height: `${((counts.get(hour) ?? 0) / most) * 100}%` }} />
			))}
		</div>
	);
}
