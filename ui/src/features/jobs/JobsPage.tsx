import { Button, Group, Tabs } from "@mantine/core";
import { BrushCleaning, CalendarPlus, Play } from "lucide-react";
import { useCan, useSession } from "@/api/session";
import { later } from "@/shared/later";
import { Page } from "@/shared/Page";
import { TabLine } from "@/shared/TabLine";
import { STATES, type State } from "./RunState";
import { RunsTab } from "./RunsTab";
import { SchedulesTab } from "./SchedulesTab";

export type JobsTab = "runs" | "dead" | "schedules" | "calendar";
export type JobsSearch = {
	tab?: JobsTab;
	run?: string;
	schedule?: string;
	state?: string;
	/** The open run is to be run again, once the person has said so. */
	again?: string;
	/** Runs that do not get on are looked at. */
	stuck?: string;
};

const CalendarTab = later(async () => (await import("./CalendarTab")).CalendarTab);
const DeadLettersTab = later(async () => (await import("./DeadLettersTab")).DeadLettersTab);
const NewRunPanel = later(async () => (await import("./NewRunPanel")).NewRunPanel);
const RunPanel = later(async () => (await import("./RunPanel")).RunPanel);
const StuckPanel = later(async () => (await import("./StuckPanel")).StuckPanel);
const SchedulePanel = later(async () => (await import("./SchedulePanel")).SchedulePanel);

const NO_PANEL = {
	run: undefined,
	schedule: undefined,
	again: undefined,
	stuck: undefined,
} as unknown as Partial<JobsSearch>;

type Props = { search: JobsSearch; onSearch: (change: Partial<JobsSearch>) => void };

export function JobsPage({ search, onSearch }: Props) {
	const { tab = "runs", run, schedule, state, again, stuck } = search;
	const { operator } = useSession().user;
	const mayStart = useCan("analyst");
	const maySchedule = useCan("admin");
	const openRun = (id: string | undefined) => onSearch({ ...NO_PANEL, run: id });
	const openSchedule = (id: string | undefined) => onSearch({ ...NO_PANEL, schedule: id });
	const start = mayStart && (
		<Button leftSection={<Play size={15} />} onClick={() => openRun("new")}>
			Start a job
		</Button>
	);
	const plan = maySchedule && (
		<Button leftSection={<CalendarPlus size={16} />} onClick={() => openSchedule("new")}>
			New schedule
		</Button>
	);
	return (
		<Page
			title="Jobs"
			about="What works for you, now and by the clock"
			actions={
				tab === "runs" ? (
					<Group gap="sm">
						{operator && (
							<Button
								variant="default"
								leftSection={<BrushCleaning size={15} />}
								onClick={() => onSearch({ ...NO_PANEL, stuck: "1" })}
								data-keeps-panel
							>
								Clean up
							</Button>
						)}
						{start}
					</Group>
				) : tab === "dead" ? null : (
					plan
				)
			}
		>
			<Tabs
				value={tab}
				onChange={(value) =>
					onSearch({ ...NO_PANEL, tab: value as JobsSearch["tab"] } as Partial<JobsSearch>)
				}
			>
				<TabLine open={tab} mb="md">
					<Tabs.Tab value="runs">Runs</Tabs.Tab>
					<Tabs.Tab value="dead">Given up</Tabs.Tab>
					<Tabs.Tab value="schedules">Schedules</Tabs.Tab>
					<Tabs.Tab value="calendar">Calendar</Tabs.Tab>
				</TabLine>
				<Tabs.Panel value="runs">
					<RunsTab
						state={state && state in STATES ? (state as State) : undefined}
						onState={(wanted) => onSearch({ state: wanted } as Partial<JobsSearch>)}
						open={run}
						onOpen={openRun}
						start={start}
					/>
				</Tabs.Panel>
				<Tabs.Panel value="dead">
					{tab === "dead" && <DeadLettersTab open={run} onOpen={openRun} />}
				</Tabs.Panel>
				<Tabs.Panel value="schedules">
					<SchedulesTab open={schedule} onOpen={openSchedule} plan={plan} />
				</Tabs.Panel>
				<Tabs.Panel value="calendar">
					{tab === "calendar" && <CalendarTab open={schedule} onOpen={openSchedule} />}
				</Tabs.Panel>
			</Tabs>
			{run === "new" && <NewRunPanel onClose={() => openRun(undefined)} onOpen={openRun} />}
			{run && run !== "new" && (
				<RunPanel
					key={run}
					id={run}
					again={again !== undefined}
					onClose={() => openRun(undefined)}
					onOpen={openRun}
				/>
			)}
			{stuck && operator && <StuckPanel onClose={() => onSearch(NO_PANEL)} />}
			{schedule && (
				<SchedulePanel
					key={schedule}
					id={schedule}
					onClose={() => openSchedule(undefined)}
					onOpenRun={openRun}
				/>
			)}
		</Page>
	);
}
