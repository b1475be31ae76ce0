import {
	Button,
	Group,
	Menu,
	MultiSelect,
	SegmentedControl,
	Select,
	Stack,
	Text,
	TextInput,
} from "@mantine/core";
import { Bookmark, ChartNoAxesColumn, FunctionSquare, SearchX } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import type { AdPage } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { Filters, Words } from "@/shared/Filters";
import { useNeighbourKeys } from "@/shared/keys";
import { later } from "@/shared/later";
import { Page } from "@/shared/Page";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { day } from "@/shared/time";
import { complain, offerUndo, say } from "@/shared/undo";
import classes from "./Ads.module.css";
import { AdTable } from "./AdTable";
import { useAdAccounts, useBrandChoices } from "./accountQueries";
import { PRESETS } from "./adNumbers";
import { useAdChanges, useAdMetrics, useAds, useAdViews, useRemoveView, useSaveView } from "./adQueries";
import type { AdsSearch } from "./adSearch";
import { ChangesCard } from "./ChangesCard";

const AdPanel = later(async () => (await import("./AdPanel")).AdPanel);
const MetricsPanel = later(async () => (await import("./MetricsPanel")).MetricsPanel);
const NamingPanel = later(async () => (await import("./NamingPanel")).NamingPanel);

const Dialog = lazy(() => import("@/shared/Dialog").then(({ Dialog }) => ({ default: Dialog })));

type Props = { search: AdsSearch; onSearch: (change: AdsSearch) => void; onAccounts: () => void };

const HEALTHS = [
	{ value: "critical", label: "Critical" },
	{ value: "warning", label: "Warning" },
	{ value: "healthy", label: "Nothing wrong" },
	{ value: "unjudged", label: "Not judged" },
	{ value: "insufficient", label: "Not enough evidence" },
];
const STATUSES = [
	{ value: "ACTIVE", label: "Active" },
	{ value: "PAUSED", label: "Paused" },
	{ value: "CAMPAIGN_PAUSED", label: "Campaign paused" },
	{ value: "ADSET_PAUSED", label: "Ad set paused" },
];

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
					<Narrowing search={search} onSearch={onSearch} columns={columns} page={page} />
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
		</Page>
	);
}

function about(page: AdPage | undefined): string {
	if (!page?.until) return "What ads cost, what came of it, and how sure that is";
	return `${page.window_days} days up to ${day(page.until)}, days and currency of each account`;
}

/** Nothing is converted: rates of a day are known to nobody here, and a wrong one would put ads in a wrong order. */
function currencyWords({ currencies, in_order_by_currency }: AdPage): string {
	const names = new Intl.ListFormat("en").format(currencies.map(({ currency }) => currency ?? ""));
	return in_order_by_currency
		? `Money is in ${names} and is not converted: each currency is in order by itself, that of the most ads first.`
		: `Money is in ${names} and is not converted, so that it has no sum over all.`;
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
	status: undefined,
	health: undefined,
	rule: undefined,
	q: undefined,
};

function Narrowing({
	search,
	onSearch,
	columns,
	page,
}: Part & { columns: string[]; page: AdPage | undefined }) {
	const accounts = useAdAccounts();
	const brands = useBrandChoices();
	const metrics = useAdMetrics();
	const currencies = [...new Set(accounts.data?.items.map(({ currency }) => currency))].sort();
	const preset = search.columns ?? "preset:performance";
	const own = !preset.startsWith("preset:");
	return (
		<>
			<Filters>
				<Words
					label="Search ads"
					placeholder="Name or number"
					value={search.q}
					onFind={(q) => onSearch({ q })}
				/>
				<Choice
					label="Verdict"
					data={HEALTHS}
					value={search.health}
					onChoose={(health) => onSearch({ health })}
				/>
				<Choice
					label="Status"
					data={STATUSES}
					value={search.status}
					onChoose={(status) => onSearch({ status })}
				/>
				{(accounts.data?.items.length ?? 0) > 1 && (
					<Choice
						label="Account"
						data={accounts.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
						value={search.account}
						onChoose={(account) => onSearch({ account })}
					/>
				)}
				{currencies.length > 1 && (
					<Choice
						label="Currency"
						data={currencies.map((currency) => ({ value: currency, label: currency }))}
						value={search.currency}
						onChoose={(currency) => onSearch({ currency })}
					/>
				)}
				{(brands.data?.items.length ?? 0) > 1 && (
					<Choice
						label="Brand"
						data={brands.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
						value={search.brand}
						onChoose={(brand) => onSearch({ brand })}
					/>
				)}
			</Filters>
			<div className={classes.second}>
				<SegmentedControl
					size="xs"
					aria-label="Days"
					data={["7", "14", "28", "90"].map((days) => ({ value: days, label: `${days} d` }))}
					value={search.window ?? "28"}
					onChange={(days) => onSearch({ window: days === "28" ? undefined : days })}
				/>
				<Select
					size="xs"
					w={150}
					aria-label="Columns"
					data={[...PRESETS, { value: "own", label: "Own choice" }]}
					value={own ? "own" : preset}
					allowDeselect={false}
					onChange={(value) =>
						onSearch({ columns: value === "own" ? columns.join(",") : (value ?? undefined), sort: undefined })
					}
				/>
				{page && page.currencies.length > 1 && (
					<Text size="sm" c="dimmed" flex="1 1 300px">
						{currencyWords(page)}
					</Text>
				)}
			</div>
			{own && (
				<MultiSelect
					size="xs"
					aria-label="Columns of your choice"
					searchable
					data={metrics.data?.map(({ name, title }) => ({ value: name, label: title })) ?? []}
					value={columns}
					onChange={(names) => names.length > 0 && onSearch({ columns: names.join(",") })}
				/>
			)}
			{search.rule && (
				<Text size="sm">
					Only ads of which one thing is said.{" "}
					<Button size="compact-xs" variant="subtle" onClick={() => onSearch({ rule: undefined })}>
						Show all
					</Button>
				</Text>
			)}
		</>
	);
}

type ChoiceProps = {
	label: string;
	data: { value: string; label: string }[];
	value: string | undefined;
	onChoose: (value: string | undefined) => void;
};

function Choice({ label, data, value, onChoose }: ChoiceProps) {
	return (
		<Select
			aria-label={label}
			placeholder={label}
			clearable
			data={data}
			value={value ?? null}
			onChange={(chosen) => onChoose(chosen ?? undefined)}
		/>
	);
}
