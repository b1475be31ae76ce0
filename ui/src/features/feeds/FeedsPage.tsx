import { ActionIcon, Badge, Button, FileButton, Menu, Tabs } from "@mantine/core";
import { Download, Ellipsis, Plus, Upload } from "lucide-react";
import { useRef } from "react";
import { sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { later } from "@/shared/later";
import { plural } from "@/shared/numbers";
import { Page } from "@/shared/Page";
import { complain } from "@/shared/undo";
import { FeedTable } from "./FeedTable";
import { HealthTab } from "./HealthTab";
import { tellOfImport } from "./importing";
import { PacksTab } from "./PacksTab";
import { useFeedHealth, useImportOpml } from "./queries";
import type { FeedsSearch } from "./search";

const FeedPanel = later(async () => (await import("./FeedPanel")).FeedPanel);

type Props = { search: FeedsSearch; onSearch: (change: Partial<FeedsSearch>) => void };

export function FeedsPage({ search, onSearch }: Props) {
	const { tab = "all", feed: open } = search;
	const health = useFeedHealth();
	const may = useCan("analyst");
	const sick = health.data ? health.data.failing + health.data.gone + health.data.silent : 0;
	const onOpen = (feed: string | undefined) => onSearch({ feed });
	const add = may && (
		<Button leftSection={<Plus size={16} />} onClick={() => onOpen("new")}>
			Follow a feed
		</Button>
	);
	return (
		<Page
			title="Feeds"
			about={health.data ? summary(health.data.total, sick) : "Where news comes from"}
			actions={
				<>
					<OpmlMenu mayImport={may} />
					{add}
				</>
			}
		>
			<Tabs
				value={tab}
				onChange={(value) => onSearch({ tab: value as FeedsSearch["tab"], feed: undefined })}
				keepMounted={false}
			>
				<Tabs.List mb="md">
					<Tabs.Tab value="all">All</Tabs.Tab>
					<Tabs.Tab
						value="health"
						rightSection={
							sick > 0 && (
								<Badge size="sm" color="red" circle={sick < 10}>
									{sick}
								</Badge>
							)
						}
					>
						Health
					</Tabs.Tab>
					<Tabs.Tab value="packs">Packs</Tabs.Tab>
				</Tabs.List>
				<Tabs.Panel value="all">
					<FeedTable q={search.q} open={open} onOpen={onOpen} onFind={(q) => onSearch({ q })} add={add} />
				</Tabs.Panel>
				<Tabs.Panel value="health">
					<HealthTab open={open} onOpen={onOpen} />
				</Tabs.Panel>
				<Tabs.Panel value="packs">
					<PacksTab may={may} />
				</Tabs.Panel>
			</Tabs>
			{open && <FeedPanel key={open} id={open} onClose={() => onOpen(undefined)} onOpen={onOpen} />}
		</Page>
	);
}

function summary(total: number, sick: number): string {
	if (total === 0) return "Where news comes from";
	return sick === 0
		? `${plural(total, "feed")}, all well`
		: `${plural(total, "feed")}, ${sick} ${sick === 1 ? "needs" : "need"} your eye`;
}

function OpmlMenu({ mayImport }: { mayImport: boolean }) {
	const bring = useImportOpml();
	const reset = useRef<() => void>(null);
	const take = (file: File | null) => {
		if (!file) return;
		bring.mutate(file, {
			onSuccess: tellOfImport,
			onError: (error) => complain(sentence(error)),
		});
		reset.current?.();
	};
	return (
		<FileButton onChange={take} accept=".opml,.xml,text/xml,text/x-opml" resetRef={reset}>
			{({ onClick }) => (
				<Menu position="bottom-end" shadow="md">
					<Menu.Target>
						<ActionIcon variant="default" size={36} aria-label="Import and export" loading={bring.isPending}>
							<Ellipsis size={17} />
						</ActionIcon>
					</Menu.Target>
					<Menu.Dropdown>
						{mayImport && (
							<Menu.Item leftSection={<Upload size={15} />} onClick={onClick}>
								Import OPML…
							</Menu.Item>
						)}
						<Menu.Item leftSection={<Download size={15} />} component="a" href="/api/feeds/opml" download>
							Export OPML
						</Menu.Item>
					</Menu.Dropdown>
				</Menu>
			)}
		</FileButton>
	);
}
