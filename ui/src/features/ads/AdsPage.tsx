import { Button, Group, Menu, Stack, TextInput } from "@mantine/core";
import { Bookmark, ChartNoAxesColumn, FunctionSquare, SearchX } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import type { AdPage } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { useNeighbourKeys } from "@/shared/keys";
import { later } from "@/shared/later";
import { Page } from "@/shared/Page";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { day } from "@/shared/time";
import { complain, offerUndo, say } from "@/shared/undo";
import { AdsNarrowing } from "./AdsNarrowing";
import { AdTable } from "./AdTable";
import { useAdAccounts } from "./accountQueries";
import { useAdChanges, useAdMetrics, useAds, useAdViews, useRemoveView, useSaveView } from "./adQueries";
import type { AdsSearch } from "./adSearch";
import { ChangesCard } from "./ChangesCard";

const AdPanel = later(async () => (await import("./AdPanel")).AdPanel);
const MetricsPanel = later(async () => (await import("./MetricsPanel")).MetricsPanel);
const RatesPanel = later(async () => (await import("./RatesPanel")).RatesPanel);
const NamingPanel = later(async () => (await import("./NamingPanel")).NamingPanel);

const Dialog = lazy(() => import("@/shared/Dialog").then(({ Dialog }) => ({ default: Dialog })));

type Props = { search: AdsSearch; onSearch: (change: AdsSearch) => void; onAccounts: () => void };

export function AdsPage({ search, onSearch, onAccounts }: Props) {
	const ads = useAds(search);
	const changes = useAdChanges(search);
	const metrics = useAdMetrics();
	const accounts = useAdAccounts();
	const rows = useMemo(() => ads.data?.pages.flatMap(({ items }) => items) ?? [], [ads.data]);
	const page = ads.data?.pages[0];
	const columns = Object.keys(page?.totals.values ?? {});
	const named = useMemo(() => new Map(metrics.data?.map((metric) => [metric.name, metric])), [metrics.data]);
	const open = (ad: string | undefined) => onSearch({ ad, panel: undefined });
	useNeighbourKeys(
		rows.map(({ id }) => id),
		search.ad,
		open,
	);
	const narrowed = Boolean(
		search.q ||
			search.brand ||
			search.account ||
			search.currency ||
			search.status ||
			search.health ||
			search.rule,
	);
	const nothing = page?.total === 0 && !narrowed;
	return (
		<Page
			title="Ads"
			about={about(page)}
			actions={!nothing && <Actions search={search} onSearch={onSearch} />}
		>
			{ads.isPending ? (
				<LoadingRows what="ads" />
			) : ads.isError ? (
				<ProblemPanel error={ads.error} retry={ads.refetch} />
			) : nothing ? (
				<NoAds onAccounts={onAccounts} />
			) : (
				<Stack gap="md">
					{changes.data && <ChangesCard changes={changes.data} onOpen={open} />}
					<AdsNarrowing search={search} onSearch={onSearch} columns={columns} page={page} />
					{rows.length === 0 || !page ? (
						<Empty icon={SearchX} title="No ad is like that">
							Take a filter away, or try fewer words.
						</Empty>
					) : (
						<AdTable
							rows={rows}
							page={page}
							columns={columns}
							metrics={named}
							sort={search.sort ?? "-spend"}
							onSort={(sort) => onSearch({ sort: sort === "-spend" ? undefined : sort })}
							open={search.ad}
							onOpen={open}
							onEnd={() => {
								if (ads.hasNextPage && !ads.isFetchingNextPage) void ads.fetchNextPage();
							}}
						/>
					)}
				</Stack>
			)}
			{search.ad && <AdPanel key={search.ad} id={search.ad} onClose={() => open(undefined)} />}
			{search.panel === "metrics" && metrics.data && (
				<MetricsPanel metrics={metrics.data} onClose={() => onSearch({ panel: undefined })} />
			)}
			{search.panel === "naming" && accounts.data && (
				<NamingPanel
					accounts={accounts.data.items}
					chosen={search.account}
					onOpen={open}
					onClose={() => onSearch({ panel: undefined })}
				/>
			)}
			{search.panel === "rates" && <RatesPanel onClose={() => onSearch({ panel: undefined })} />}
		</Page>
	);
}

function about(page: AdPage | undefined): string {
	if (!page?.until) return "What ads cost, what came of it, and how sure that is";
	const whose = page.shown_in ? "days of each account" : "days and currency of each account";
	return `${page.window_days} days up to ${day(page.until)}, ${whose}`;
}

function NoAds({ onAccounts }: { onAccounts: () => void }) {
	return (
		<Empty
			icon={ChartNoAxesColumn}
			title="No ads yet"
			action={<Button onClick={onAccounts}>Connect an ad account</Button>}
		>
			Connect an account, or import a table from Ads Manager (CSV or XLSX). Then each ad stands here with what
			it cost, what came of it, how sure that is, and what is likely wrong with it. Nothing at hand? The demo
			(<code>brandhound demo</code>) has an account with made-up ads.
		</Empty>
	);
}

type Part = { search: AdsSearch; onSearch: (change: AdsSearch) => void };

function Actions({ search, onSearch }: Part) {
	const views = useAdViews();
	const save = useSaveView();
	const remove = useRemoveView();
	const may = useCan("analyst");
	const all = views.data ?? [];
	const [name, setName] = useState<string>();
	const keep = () => {
		const chosen = name?.trim();
		if (!chosen) return;
		const { ad: _, panel: _panel, ...query } = search;
		const filled = Object.fromEntries(Object.entries(query).filter(([, value]) => value)) as Record<
			string,
			string
		>;
		save.mutate(
			{ body: { name: chosen, query: filled } },
			{
				onSuccess: () => {
					setName(undefined);
					say(`Saved as ${chosen}`);
				},
				onError: (error) => complain(sentence(error)),
			},
		);
	};
	const forget = (id: string) => {
		const view = all.find((one) => one.id === id);
		const onError = (error: unknown) => complain(sentence(error));
		const putBack = () => view && save.mutate({ body: { name: view.name, query: view.query } }, { onError });
		remove.mutate(
			{ path: { view_id: id } },
			{ onSuccess: () => view && offerUndo(`Removed ${view.name}`, putBack), onError },
		);
	};
	return (
		<>
			{name !== undefined && (
				<Suspense>
					<Dialog opened onClose={() => setName(undefined)} title="Save this view">
						<form
							onSubmit={(event) => {
								event.preventDefault();
								keep();
							}}
						>
							<TextInput
								label="Name"
								description="Everybody in the organization sees it; one of the same name is overwritten"
								value={name}
								maxLength={80}
								data-autofocus
								onChange={({ currentTarget }) => setName(currentTarget.value)}
							/>
							<Group justify="flex-end" mt="md">
								<Button type="submit" loading={save.isPending} disabled={!name.trim()}>
									Save
								</Button>
							</Group>
						</form>
					</Dialog>
				</Suspense>
			)}
			<Menu position="bottom-end">
				<Menu.Target>
					<Button variant="default" leftSection={<Bookmark size={15} />}>
						Views
					</Button>
				</Menu.Target>
				<Menu.Dropdown>
					{all.map(({ id, name, query }) => (
						<Menu.Item key={id} onClick={() => onSearch({ ...CLEARED, ...(query as AdsSearch) })}>
							{name}
						</Menu.Item>
					))}
					{all.length === 0 && <Menu.Label>None saved yet</Menu.Label>}
					{may && (
						<>
							<Menu.Divider />
							<Menu.Item onClick={() => setName("")}>Save what is shown now</Menu.Item>
							{all.map(({ id, name }) => (
								<Menu.Item key={id} color="red" onClick={() => forget(id)}>
									Remove “{name}”
								</Menu.Item>
							))}
						</>
					)}
				</Menu.Dropdown>
			</Menu>
			<Menu position="bottom-end">
				<Menu.Target>
					<Button variant="default" leftSection={<FunctionSquare size={15} />}>
						Settings
					</Button>
				</Menu.Target>
				<Menu.Dropdown>
					<Menu.Item onClick={() => onSearch({ panel: "metrics", ad: undefined })}>Own metrics</Menu.Item>
					<Menu.Item onClick={() => onSearch({ panel: "naming", ad: undefined })}>Aims and names</Menu.Item>
					<Menu.Item onClick={() => onSearch({ panel: "rates", ad: undefined })}>Exchange rates</Menu.Item>
				</Menu.Dropdown>
			</Menu>
		</>
	);
}

const CLEARED: AdsSearch = {
	window: undefined,
	columns: undefined,
	sort: undefined,
	brand: undefined,
	account: undefined,
	currency: undefined,
	in: undefined,
	status: undefined,
	health: undefined,
	rule: undefined,
	q: undefined,
};
