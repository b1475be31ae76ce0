import { Button, Stack, Text } from "@mantine/core";
import { ChartNoAxesColumn, SearchX } from "lucide-react";
import { useMemo } from "react";
import { failed, onItsWay } from "@/api/problems";
import { useNeighbourKeys } from "@/shared/keys";
import { later } from "@/shared/later";
import { Page } from "@/shared/Page";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { AdActions } from "./AdActions";
import { AdsNarrowing } from "./AdsNarrowing";
import { AdTable } from "./AdTable";
import { useAdAccounts, useBrandChoices } from "./accountQueries";
import { useAdChanges, useAdMetrics, useAds, useAdsByPage, useLandingPages } from "./adQueries";
import type { AdsSearch } from "./adSearch";
import { ChangesCard } from "./ChangesCard";
import { daysTold } from "./daysTold";
import { namesColumns, withoutLost } from "./lostColumns";
import { PageTable } from "./PageTable";

const AdPanel = later(async () => (await import("./AdPanel")).AdPanel);
const MetricsPanel = later(async () => (await import("./MetricsPanel")).MetricsPanel);
const RatesPanel = later(async () => (await import("./RatesPanel")).RatesPanel);
const ViewsPanel = later(async () => (await import("./ViewsPanel")).ViewsPanel);
const NamingPanel = later(async () => (await import("./NamingPanel")).NamingPanel);

type Props = {
	search: AdsSearch;
	onSearch: (change: AdsSearch) => void;
	/** To connect one. */
	onAccounts: () => void;
	/** To the account whose days are wanted. */
	onDays: () => void;
};

export function AdsPage({ search: asked, onSearch, onAccounts, onDays }: Props) {
	const metrics = useAdMetrics();
	const { search, lost } = withoutLost(asked, metrics.data);
	const mayAsk = !metrics.isPending || !namesColumns(asked);
	const ads = useAds(search, mayAsk);
	const changes = useAdChanges(search);
	const accounts = useAdAccounts();
	// What changed stands above the table, and what can be chosen too.
	const above = [changes, accounts, useBrandChoices(), useLandingPages()];
	const rows = useMemo(() => ads.data?.pages.flatMap(({ items }) => items) ?? [], [ads.data]);
	const page = ads.data?.pages[0];
	const columns = Object.keys(page?.totals.values ?? {});
	const named = useMemo(() => new Map(metrics.data?.map((metric) => [metric.name, metric])), [metrics.data]);
	const byPage = useAdsByPage(search, mayAsk);
	const open = (ad: string | undefined) => onSearch({ ad, panel: undefined });
	// By page, no single ad stands in the table.
	useNeighbourKeys(search.by === "page" ? [] : rows.map(({ id }) => id), search.ad, open);
	const narrowed = Boolean(
		search.q ||
			search.brand ||
			search.account ||
			search.currency ||
			search.status ||
			search.health ||
			search.rule ||
			search.page,
	);
	const nothing = page?.total === 0 && !narrowed;
	return (
		<Page
			title="Ads"
			about={daysTold(page)}
			actions={!nothing && <AdActions search={search} onSearch={onSearch} onDays={onDays} />}
		>
			{ads.isPending || above.some(onItsWay) ? (
				<LoadingRows what="ads" />
			) : failed(ads) ? (
				<ProblemPanel error={ads.error} retry={() => void Promise.all([metrics.refetch(), ads.refetch()])} />
			) : nothing ? (
				<NoAds onAccounts={onAccounts} />
			) : (
				<Stack gap="md">
					{changes.data && <ChangesCard changes={changes.data} shownIn={search.in} onOpen={open} />}
					<AdsNarrowing search={search} onSearch={onSearch} columns={columns} page={page} />
					{lost.length > 0 && (
						<Text size="sm" c="dimmed" role="status">
							{lost.length === 1 ? "A column is no longer there" : "Columns are no longer there"}:{" "}
							{lost.join(", ")}. Somebody removed {lost.length === 1 ? "it" : "them"}; the others are shown.
						</Text>
					)}
					{search.by === "page" ? (
						<PageTable
							found={byPage}
							metrics={named}
							sort={search.sort ?? "-spend"}
							onSort={(sort) => onSearch({ sort: sort === "-spend" ? undefined : sort })}
							onOpen={(chosen) => onSearch({ page: chosen, by: undefined, sort: undefined })}
						/>
					) : rows.length === 0 || !page ? (
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
			{search.ad && (
				<AdPanel key={search.ad} id={search.ad} shownIn={search.in} onClose={() => open(undefined)} />
			)}
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
			{search.panel === "views" && <ViewsPanel onClose={() => onSearch({ panel: undefined })} />}
			{search.panel === "rates" && <RatesPanel onClose={() => onSearch({ panel: undefined })} />}
		</Page>
	);
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
