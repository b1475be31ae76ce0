import { Tabs } from "@mantine/core";
import { ShieldAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useSession } from "@/api/session";
import { later } from "@/shared/later";
import { Page } from "@/shared/Page";
import { Empty } from "@/shared/states";
import { TabLine } from "@/shared/TabLine";
import { HealthTab } from "./HealthTab";
import type { AdminSearch, Tab } from "./search";

const WorkersTab = later(async () => (await import("./WorkersTab")).WorkersTab);
const QueuesTab = later(async () => (await import("./QueuesTab")).QueuesTab);
const OrganizationsTab = later(async () => (await import("./OrganizationsTab")).OrganizationsTab);
const SlowTab = later(async () => (await import("./SlowTab")).SlowTab);
const FeedsTab = later(async () => (await import("./FeedsTab")).FeedsTab);
const DatabaseTab = later(async () => (await import("./DatabaseTab")).DatabaseTab);
const ErrorsTab = later(async () => (await import("./ErrorsTab")).ErrorsTab);
const MetricsTab = later(async () => (await import("./MetricsTab")).MetricsTab);
const AlertsTab = later(async () => (await import("./AlertsTab")).AlertsTab);
const QualityTab = later(async () => (await import("./QualityTab")).QualityTab);
const DoctorTab = later(async () => (await import("./DoctorTab")).DoctorTab);

const TITLES: Record<Tab, string> = {
	health: "Health",
	workers: "Workers",
	queues: "Queues",
	organizations: "Organizations",
	feeds: "Feeds",
	database: "Database",
	slow: "Slow",
	errors: "Errors",
	metrics: "Metrics",
	alerts: "Alerts",
	quality: "Quality",
	doctor: "Doctor",
};

type Props = { search: AdminSearch; onSearch: (change: AdminSearch) => void };

/** How the installation does, for the people who run it. */
export function AdminPage({ search, onSearch }: Props) {
	const { operator } = useSession().user;
	const { tab = "health" } = search;
	if (!operator) {
		return (
			<Page title="Admin">
				<Empty icon={ShieldAlert} title="Only for the people who run this installation">
					Ask whoever set up brandhound on this machine.
				</Empty>
			</Page>
		);
	}
	const go = (to: Tab) =>
		onSearch({
			tab: to,
			process: undefined,
			error: undefined,
			rule: undefined,
			organization: undefined,
			slow: undefined,
			figure: undefined,
		} as AdminSearch);
	const tabs: Record<Tab, ReactNode> = {
		health: <HealthTab onGo={go} />,
		workers: <WorkersTab open={search.process} onOpen={(id) => onSearch({ process: id } as AdminSearch)} />,
		queues: <QueuesTab />,
		organizations: (
			<OrganizationsTab
				open={search.organization}
				onOpen={(id) => onSearch({ organization: id } as AdminSearch)}
			/>
		),
		feeds: <FeedsTab />,
		database: <DatabaseTab />,
		slow: (
			<SlowTab
				hours={search.hours ?? 24}
				onHours={(hours) => onSearch({ hours, slow: undefined } as AdminSearch)}
				open={search.slow}
				onOpen={(id) => onSearch({ slow: id } as AdminSearch)}
			/>
		),
		errors: (
			<ErrorsTab
				state={search.state ?? "open"}
				onState={(state) => onSearch({ state, error: undefined } as AdminSearch)}
				open={search.error}
				onOpen={(id) => onSearch({ error: id } as AdminSearch)}
			/>
		),
		metrics: <MetricsTab span={search.span ?? "6h"} onSpan={(span) => onSearch({ span })} />,
		alerts: <AlertsTab open={search.rule} onOpen={(id) => onSearch({ rule: id } as AdminSearch)} />,
		quality: <QualityTab open={search.figure} onOpen={(id) => onSearch({ figure: id } as AdminSearch)} />,
		doctor: <DoctorTab />,
	};
	return (
		<Page title="Admin" about="How this installation does, and what to do when it does not">
			<Tabs value={tab} onChange={(value) => go(value as Tab)}>
				<TabLine open={tab} mb="md">
					{Object.entries(TITLES).map(([value, title]) => (
						<Tabs.Tab key={value} value={value}>
							{title}
						</Tabs.Tab>
					))}
				</TabLine>
				{Object.entries(tabs).map(([value, body]) => (
					<Tabs.Panel key={value} value={value}>
						{value === tab && body}
					</Tabs.Panel>
				))}
			</Tabs>
		</Page>
	);
}
