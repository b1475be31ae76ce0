import { Button, Stack, Text } from "@mantine/core";
import { FileUp, Megaphone, Plug, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import type { AdAccountOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { useCan } from "@/api/session";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { Filters, Words } from "@/shared/Filters";
import { useNeighbourKeys } from "@/shared/keys";
import { later } from "@/shared/later";
import { capital, plural } from "@/shared/numbers";
import { Page } from "@/shared/Page";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago } from "@/shared/time";
import { useAdAccounts } from "./accountQueries";
import type { AdAccountsSearch } from "./accountSearch";
import { isIll, LinkStatus, telling } from "./LinkStatus";

const AccountPanel = later(async () => (await import("./AccountPanel")).AccountPanel);
const ConnectPanel = later(async () => (await import("./ConnectPanel")).ConnectPanel);
const ImportPanel = later(async () => (await import("./ImportPanel")).ImportPanel);
const ChoosePanel = later(async () => (await import("./ChoosePanel")).ChoosePanel);

type Props = {
	search: AdAccountsSearch;
	onSearch: (change: AdAccountsSearch) => void;
	/** Back to the brand that somebody came from. */
	onBrand: (id: string) => void;
};

const CLOSED: AdAccountsSearch = {
	account: undefined,
	connect: undefined,
	login: undefined,
	table: undefined,
	from: undefined,
};
/** What is opened from the panel of an account, and closed to it. */
const OVER: AdAccountsSearch = { connect: undefined, login: undefined, table: undefined };
/** From so many accounts on one searches rather than looks. */
const MANY = 12;

export function AdAccountsPage({ search, onSearch, onBrand }: Props) {
	const { account, connect, login, table, from, q = "" } = search;
	const accounts = useAdAccounts();
	const may = useCan("admin");
	const all = accounts.data?.items ?? [];
	const rows = all.filter((one) => matches(one, q));
	const open = (change: AdAccountsSearch) => onSearch({ ...CLOSED, ...change });
	const over = (change: AdAccountsSearch) => onSearch({ ...OVER, ...change });
	const isOver = Boolean(connect ?? login ?? table);
	const close = () => (from ? onBrand(from) : onSearch(isOver ? OVER : CLOSED));
	useNeighbourKeys(
		rows.map(({ id }) => id),
		account,
		(id) => open({ account: id }),
	);
	const mayImport = useCan("analyst");
	const onImport = () => open({ table: "any" });
	const add = may && (
		<Button leftSection={<Plug size={16} />} onClick={() => open({ connect: "any" })}>
			Connect
		</Button>
	);
	const actions = (
		<>
			{mayImport && (
				<Button variant="default" leftSection={<FileUp size={16} />} onClick={onImport}>
					Import a table
				</Button>
			)}
			{add}
		</>
	);
	return (
		<Page title="Ad accounts" about={summary(accounts.data?.items)} actions={all.length > 0 && actions}>
			<Stack gap="md">
				{(all.length > MANY || q) && (
					<Filters>
						<Words
							label="Search ad accounts"
							placeholder="Name, number or brand"
							value={q}
							onFind={(words) => onSearch({ q: words })}
						/>
					</Filters>
				)}
				{accounts.isPending ? (
					<LoadingRows what="ad accounts" />
				) : failed(accounts) ? (
					<ProblemPanel error={accounts.error} retry={accounts.refetch} />
				) : all.length === 0 ? (
					<NoAccounts action={actions} />
				) : rows.length === 0 ? (
					<Empty icon={SearchX} title="No ad account is like that">
						Try fewer words, or another brand.
					</Empty>
				) : (
					<DataTable
						label="Ad accounts"
						rows={rows}
						columns={columns((id) => open({ account: id }))}
						id={({ id }) => id}
						open={account}
						onOpen={(id) => open({ account: id })}
					/>
				)}
			</Stack>
			{account && !isOver && (
				<AccountPanel
					key={account}
					id={account}
					onClose={close}
					view={search.view}
					onView={(view) => onSearch({ view })}
					onReconnect={(brand) => over({ connect: brand })}
					onImport={() => over({ table: account })}
				/>
			)}
			{connect && (
				<ConnectPanel
					key={connect}
					brand={connect === "any" ? undefined : connect}
					from={{ ...(from && { from }), ...(account && { account }) }}
					onClose={close}
					onLogin={(id) => over({ login: id })}
				/>
			)}
			{table && (
				<ImportPanel
					key={table}
					account={table === "any" ? undefined : table}
					onClose={close}
					onDone={(id) => open({ account: id })}
				/>
			)}
			{login && (
				<ChoosePanel
					key={login}
					id={login}
					from={{ ...(from && { from }), ...(account && { account }) }}
					onClose={close}
					onAgain={(brand) => over({ connect: brand })}
				/>
			)}
		</Page>
	);
}

function NoAccounts({ action }: { action: ReactNode }) {
	return (
		<Empty icon={Megaphone} title="No ad accounts yet" action={action}>
			Connect Meta to bring in what your ads deliver, by ad and day. It is only read: no ad and no budget is
			ever changed, and the data of one client never mixes with another's. Not ready for that? Import a table
			from Ads Manager. Nothing at hand? <code>brandhound demo</code> has accounts with made-up ads.
		</Empty>
	);
}

function matches({ name, external_id, brands, business_name }: AdAccountOut, q: string): boolean {
	const words = q.toLowerCase();
	return [name, external_id, business_name ?? "", ...brands.map(({ brand_name }) => brand_name)].some(
		(text) => text.toLowerCase().includes(words),
	);
}

function summary(accounts: AdAccountOut[] | undefined): string {
	if (!accounts || accounts.length === 0) return "Where the numbers of your ads come from";
	const ill = accounts.filter(isIll).length;
	return `${plural(accounts.length, "account")}, ${ill === 0 ? "all well" : `${ill} ${ill === 1 ? "needs" : "need"} you`}`;
}

function columns(onOpen: (id: string) => void): Column<AdAccountOut>[] {
	return [
		{
			key: "name",
			title: "Account",
			render: ({ id, name, external_id, business_name, platform }) => (
				<>
					<RowName onClick={() => onOpen(id)}>{name}</RowName>
					<Text size="xs" c="dimmed" lineClamp={1} style={{ wordBreak: "break-all" }}>
						{platform === "file"
							? "From imported tables"
							: [business_name, external_id].filter(Boolean).join(" · ")}
					</Text>
				</>
			),
		},
		{
			key: "status",
			title: "Connection",
			fit: true,
			render: (account) => {
				const link = telling(account);
				return link ? <LinkStatus link={link} /> : account.platform === "file" ? "–" : "No brand";
			},
		},
		{
			key: "brands",
			title: "Brands",
			from: "medium",
			render: ({ brands }) => (
				// Beside an open panel the name of the account gives way, which has more words.
				<Text size="sm" lineClamp={2} style={{ overflowWrap: "break-word" }}>
					{brands.map(({ brand_name }) => brand_name).join(", ") || "–"}
				</Text>
			),
		},
		{
			key: "standing",
			title: "At Meta",
			fit: true,
			from: "wide",
			render: ({ standing, delivers }) => (
				<Text size="sm" c={delivers ? undefined : "var(--bad)"}>
					{capital(standing)}
				</Text>
			),
		},
		{
			key: "synced",
			title: "Last sync",
			fit: true,
			from: "medium",
			render: ({ platform, synced_at, sync_error, sync_run_id }) => (
				<>
					{sync_run_id ? (
						"Syncing…"
					) : synced_at ? (
						<Ago at={synced_at} />
					) : platform === "file" ? (
						"–"
					) : (
						"Never"
					)}
					{sync_error && !sync_run_id && (
						<Text size="xs" c="var(--bad)">
							the last one failed
						</Text>
					)}
				</>
			),
		},
		{ key: "currency", title: "Currency", fit: true, from: "wide", render: ({ currency }) => currency },
		{ key: "zone", title: "Time zone", fit: true, from: "wide", render: ({ time_zone }) => time_zone },
	];
}
