import { Tabs } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useCan } from "@/api/session";
import { Page } from "@/shared/Page";
import { LoadingRows } from "@/shared/states";
import { TabLine } from "@/shared/TabLine";
import { AccountTab } from "./AccountTab";
import { AuditTab } from "./AuditTab";
import { KeysTab } from "./KeysTab";
import { MembersTab } from "./MembersTab";
import { OrganizationTab } from "./OrganizationTab";
import type { SettingsSearch } from "./search";

const ModelsTab = lazy(() => import("@/features/models/ModelsTab"));
const NotificationsTab = lazy(() => import("@/features/notifications/NotificationsTab"));

type Props = { search: SettingsSearch; onSearch: (change: Partial<SettingsSearch>) => void };

export function SettingsPage({ search, onSearch }: Props) {
	const { tab = "organization", new: asked } = search;
	const admin = useCan("admin");
	const ask = (thing: SettingsSearch["new"]) => onSearch({ new: thing });
	return (
		<Page title="Settings" about="The organization, its people and its keys, and your own account">
			<Tabs
				value={tab}
				onChange={(value) =>
					onSearch({
						tab: value as SettingsSearch["tab"],
						new: undefined,
						channel: undefined,
						model: undefined,
						member: undefined,
					})
				}
			>
				<TabLine open={tab} mb="md">
					<Tabs.Tab value="organization">Organization</Tabs.Tab>
					<Tabs.Tab value="account">Account</Tabs.Tab>
					<Tabs.Tab value="members">Members</Tabs.Tab>
					<Tabs.Tab value="notifications">Notifications</Tabs.Tab>
					<Tabs.Tab value="models">Models</Tabs.Tab>
					{admin && <Tabs.Tab value="keys">API keys</Tabs.Tab>}
					{admin && <Tabs.Tab value="audit">Audit</Tabs.Tab>}
				</TabLine>
				<Tabs.Panel value="organization">
					<OrganizationTab />
				</Tabs.Panel>
				<Tabs.Panel value="account" keepMounted={false}>
					<AccountTab />
				</Tabs.Panel>
				<Tabs.Panel value="members">
					<MembersTab
						asked={asked === "invitation"}
						onAsk={(on) => ask(on ? "invitation" : undefined)}
						reset={search.member}
						onReset={(member) => onSearch({ member })}
					/>
				</Tabs.Panel>
				<Tabs.Panel value="notifications" keepMounted={false}>
					<Suspense fallback={<LoadingRows what="preferences" rows={6} />}>
						<NotificationsTab channel={search.channel} onChannel={(channel) => onSearch({ channel })} />
					</Suspense>
				</Tabs.Panel>
				<Tabs.Panel value="models" keepMounted={false}>
					<Suspense fallback={<LoadingRows what="models" rows={6} />}>
						<ModelsTab open={search.model} onOpen={(model) => onSearch({ model })} />
					</Suspense>
				</Tabs.Panel>
				<Tabs.Panel value="keys">
					<KeysTab asked={asked === "key"} onAsk={(on) => ask(on ? "key" : undefined)} />
				</Tabs.Panel>
				<Tabs.Panel value="audit">
					<AuditTab />
				</Tabs.Panel>
			</Tabs>
		</Page>
	);
}
