import { Button, Tabs } from "@mantine/core";
import { CalendarPlus, Play } from "lucide-react";
import { useCan } from "@/api/session";
import { later } from "@/shared/later";
import { Page } from "@/shared/Page";
import { STATES, type State } from "./RunState";
import { RunsTab } from "./RunsTab";
import { SchedulesTab } from "./SchedulesTab";

export type JobsTab = "runs" | "dead" | "schedules" | "calendar";
export type JobsSearch = { tab?: JobsTab; run?: string; schedule?: string; state?: string };

const CalendarTab = later(async () => (await import("./CalendarTab")).CalendarTab);
const DeadLettersTab = later(async () => (await import("./DeadLettersTab")).DeadLettersTab);
const NewRunPanel = later(async () => (await import("./NewRunPanel")).NewRunPanel);
const RunPanel = later(async () => (await import("./RunPanel")).RunPanel);
const SchedulePanel = later(async () => (await import("./SchedulePanel")).SchedulePanel);

type Props = { search: JobsSearch; onSearch: (change: Partial<JobsSearch>) => void };

export function JobsPage({ search, onSearch }: Props) {
	const { tab = "runs", run, schedule, state } = search;
	const mayStart = useCan("analyst");
	const maySchedule = useCan("admin");
	const openRun = (id: string | undefined) => onSearch({ run: id, schedule: undefined });
	const openSchedule = (id: string | undefined) => onSearch({ schedule: id, run: undefined });
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
			actions={tab === "runs" ? start : tab === "dead" ? null : plan}
		>
			<Tabs
				value={tab}
				onChange={(value) =>
					onSearch({ tab: value as JobsSearch["tab"], run: undefined, schedule: undefined })
				}
			>
				<Tabs.List mb="md">
					<Tabs.Tab value="runs">Runs</Tabs.Tab>
					<Tabs.Tab value="dead">Given up</Tabs.Tab>
					<Tabs.Tab value="schedules">Schedules</Tabs.Tab>
					<Tabs.Tab value="calendar">Calendar</Tabs.Tab>
				</Tabs.List>
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
				<RunPanel key={run} id={run} onClose={() => openRun(undefined)} onOpen={openRun} />
			)}
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
