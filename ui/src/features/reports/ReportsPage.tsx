import { Button, Tabs } from "@mantine/core";
import { CalendarPlus, History, LayoutTemplate, Plus } from "lucide-react";
import { useCan } from "@/api/session";
import { later } from "@/shared/later";
import { Page } from "@/shared/Page";
import type { Range } from "@/shared/range";
import { TabLine } from "@/shared/TabLine";
import { useReportDeeds } from "./deeds";
import { useAnyReport } from "./queries";
import { ReportsTab } from "./ReportsTab";
import type { ReportsSearch } from "./search";
import { useTemplates } from "./templates";

const NewReportPanel = later(async () => (await import("./NewReportPanel")).NewReportPanel);
const SchedulesTab = later(async () => (await import("./SchedulesTab")).SchedulesTab);
const SchedulePanel = later(async () => (await import("./SchedulePanel")).SchedulePanel);
const TemplatesTab = later(async () => (await import("./TemplatesTab")).TemplatesTab);
const ReportDeedsPanel = later(async () => (await import("./ReportDeedsPanel")).ReportDeedsPanel);
const SentTab = later(async () => (await import("./SentTab")).SentTab);

type Props = {
	search: ReportsSearch;
	range: Range;
	onSearch: (change: Partial<ReportsSearch>) => void;
	onOpen: (id: string) => void;
};

export function ReportsPage({ search, range, onSearch, onOpen }: Props) {
	const guest = !useCan("viewer");
	const { tab: asked = "reports", report, schedule, sending, template } = search;
	const tab = guest ? "reports" : asked;
	const any = useAnyReport();
	const { act, undo, takenBack, busy } = useReportDeeds();
	const templates = useTemplates(tab === "templates");
	const none = any.data?.items.length === 0;
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
	const openTemplate = (id: string | undefined) => onSearch({ template: id });
	const addTemplate = mayMake && (
		<Button
			leftSection={<LayoutTemplate size={16} />}
			onClick={() => openTemplate("new")}
			// The panel may be there before this very click has gone all the way up, and would take it for one beside it.
			data-keeps-panel
		>
			New template
		</Button>
	);
	const done = mayMake && (
		<Button
			variant="subtle"
			color="gray"
			leftSection={<History size={16} />}
			onClick={() => onSearch({ deeds: true })}
			data-keeps-panel
		>
			What was done
		</Button>
	);
	const action = {
		reports: (
			<>
				{done}
				{!none && make}
			</>
		),
		schedules: plan,
		templates: templates.data?.length ? addTemplate : null,
		sent: null,
	}[tab];
	return (
		<Page
			title="Reports"
			about="What was said, to read, to print and to pass on. Each number opens its evidence"
			actions={action}
		>
			<Tabs
				value={tab}
				onChange={(value) =>
					onSearch({
						tab: value === "reports" ? undefined : (value as ReportsSearch["tab"]),
						report: undefined,
						schedule: undefined,
						sending: undefined,
						template: undefined,
						q: undefined,
						tag: undefined,
						view: undefined,
						deeds: undefined,
					})
				}
			>
				{!guest && (
					<TabLine open={tab} mb="md">
						<Tabs.Tab value="reports">Reports</Tabs.Tab>
						<Tabs.Tab value="schedules">Schedules</Tabs.Tab>
						<Tabs.Tab value="sent">Sent</Tabs.Tab>
						<Tabs.Tab value="templates">Templates</Tabs.Tab>
					</TabLine>
				)}
				<Tabs.Panel value="reports">
					{tab === "reports" && (
						<ReportsTab
							search={search}
							onSearch={onSearch}
							onOpen={onOpen}
							make={make}
							onAct={act}
							onUndo={undo}
							busy={busy}
						/>
					)}
				</Tabs.Panel>
				<Tabs.Panel value="schedules">
					{tab === "schedules" && <SchedulesTab open={schedule} onOpen={openSchedule} plan={plan} />}
				</Tabs.Panel>
				<Tabs.Panel value="sent">
					{tab === "sent" && (
						<SentTab
							open={sending}
							onOpen={(id) => onSearch({ sending: id })}
							onReport={onOpen}
							onSchedule={(id) => onSearch({ tab: "schedules", sending: undefined, schedule: id })}
						/>
					)}
				</Tabs.Panel>
				<Tabs.Panel value="templates">
					{tab === "templates" && <TemplatesTab open={template} onOpen={openTemplate} add={addTemplate} />}
				</Tabs.Panel>
			</Tabs>
			{report === "new" && (
				<NewReportPanel range={range} onClose={() => onSearch({ report: undefined })} onMade={onOpen} />
			)}
			{tab === "reports" && search.deeds && !report && mayMake && (
				<ReportDeedsPanel onTakeBack={takenBack} onClose={() => onSearch({ deeds: undefined })} />
			)}
			{schedule && <SchedulePanel key={schedule} id={schedule} onClose={() => openSchedule(undefined)} />}
		</Page>
	);
}
