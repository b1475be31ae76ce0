import { Button, Tabs } from "@mantine/core";
import { CalendarPlus, Plus } from "lucide-react";
import { useCan } from "@/api/session";
import { later } from "@/shared/later";
import { Page } from "@/shared/Page";
import type { Range } from "@/shared/range";
import { useReports } from "./queries";
import { ReportsTab } from "./ReportsTab";
import type { ReportsSearch } from "./search";

const NewReportPanel = later(async () => (await import("./NewReportPanel")).NewReportPanel);
const SchedulesTab = later(async () => (await import("./SchedulesTab")).SchedulesTab);
const SchedulePanel = later(async () => (await import("./SchedulePanel")).SchedulePanel);
const SentTab = later(async () => (await import("./SentTab")).SentTab);

type Props = {
	search: ReportsSearch;
	range: Range;
	onSearch: (change: Partial<ReportsSearch>) => void;
	onOpen: (id: string) => void;
};

export function ReportsPage({ search, range, onSearch, onOpen }: Props) {
	const { tab = "reports", report, schedule, sending } = search;
	const reports = useReports();
	const none = reports.isSuccess && reports.data.pages[0]?.items.length === 0;
	const mayMake = useCan("analyst");
	const mayPlan = useCan("admin");
	const openSchedule = (id: string | undefined) => onSearch({ schedule: id });
	const make = mayMake && (
		<Button leftSection={<Plus size={16} />} onClick={() => onSearch({ report: "new" })}>
			Make a report
		</Button>
	);
	const plan = mayPlan && (
		<Button leftSection={<CalendarPlus size={16} />} onClick={() => openSchedule("new")}>
			New schedule
		</Button>
	);
	return (
		<Page
			title="Reports"
			about="What was said, to read, to print and to pass on. Each number opens its evidence"
			actions={tab === "reports" ? !none && make : tab === "schedules" ? plan : null}
		>
			<Tabs
				value={tab}
				onChange={(value) =>
					onSearch({
						tab: value === "reports" ? undefined : (value as ReportsSearch["tab"]),
						report: undefined,
						schedule: undefined,
						sending: undefined,
					})
				}
			>
				<Tabs.List mb="md">
					<Tabs.Tab value="reports">Reports</Tabs.Tab>
					<Tabs.Tab value="schedules">Schedules</Tabs.Tab>
					<Tabs.Tab value="sent">Sent</Tabs.Tab>
				</Tabs.List>
				<Tabs.Panel value="reports">
					{tab === "reports" && <ReportsTab onOpen={onOpen} make={make} />}
				</Tabs.Panel>
				<Tabs.Panel value="schedules">
					{tab === "schedules" && <SchedulesTab open={schedule} onOpen={openSchedule} plan={plan} />}
				</Tabs.Panel>
				<Tabs.Panel value="sent">
					{tab === "sent" && (
						<SentTab open={sending} onOpen={(id) => onSearch({ sending: id })} onReport={onOpen} />
					)}
				</Tabs.Panel>
			</Tabs>
			{report === "new" && (
				<NewReportPanel range={range} onClose={() => onSearch({ report: undefined })} onMade={onOpen} />
			)}
			{schedule && <SchedulePanel key={schedule} id={schedule} onClose={() => openSchedule(undefined)} />}
		</Page>
	);
}
