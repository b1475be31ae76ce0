import { Card, SegmentedControl, Stack, Text, Title, VisuallyHidden } from "@mantine/core";
import { Radio } from "lucide-react";
import { useState } from "react";
import type { AccountChange, AdChanges, AdPerformer, ChangedAd } from "@/api/generated/types.gen";
import { Breaking } from "@/shared/Breaking";
import { RowName } from "@/shared/DataTable";
import edges from "@/shared/edges.module.css";
import { count, plural } from "@/shared/numbers";
import { day } from "@/shared/time";
import classes from "./Ads.module.css";
import { amount, change, happenedText, type Shown, show } from "./adNumbers";

const FIGURES: { name: string; title: string; shown: Shown }[] = [
	{ name: "spend", title: "Spend", shown: "money" },
	{ name: "purchases", title: "Purchases", shown: "number" },
	{ name: "cost_per_purchase", title: "Per purchase", shown: "money" },
	{ name: "roas", title: "ROAS", shown: "times" },
	{ name: "ctr", title: "CTR (link)", shown: "percent" },
	{ name: "cpm", title: "CPM", shown: "money" },
];
const MOST_ACCOUNTS = 5;
const MOST_FRESH = 6;
const SCROLLS = `${classes.scrolls} ${edges.fades}`;

type Props = {
	changes: AdChanges;
	/** The currency that was chosen for all money. */
	shownIn: string | undefined;
	onOpen: (id: string) => void;
};

/** What changed since yesterday: the accounts' last day, what is newly said, the best and the worst. */
export function ChangesCard({ changes, shownIn, onOpen }: Props) {
	const { accounts, happened } = changes;
	if (accounts.length === 0) return null;
	return (
		<Stack gap="sm" component="section" aria-label="What changed since yesterday">
			{happened.length > 0 && (
				<ul className={classes.happened}>
					{happened.map((one) => (
						<li key={`${one.account_id}${one.what}${one.since}${one.page}`}>
							<Radio size={15} aria-hidden />
							<Text size="sm">
								<b>
									{one.account}, {spanOf(one.since, one.until)}:
								</b>{" "}
								{one.page && `${one.page.replace(/^https?:\/\//, "")}: `}
								{happenedText(one.what)} ({show(one.factor, "times", null)} what it was.)
							</Text>
						</li>
					))}
				</ul>
			)}
			<div className={classes.changes}>
				<LastDay accounts={accounts} shownIn={shownIn} />
				<Telling changes={changes} shownIn={shownIn} onOpen={onOpen} />
			</div>
		</Stack>
	);
}

const spanOf = (since: string, until: string) =>
	since === until ? day(since) : `${day(since)} to ${day(until)}`;

/** Each account's last day beside its week. */
function LastDay({ accounts, shownIn }: { accounts: AccountChange[]; shownIn: string | undefined }) {
	const [all, setAll] = useState(false);
	const shown = all ? accounts : accounts.slice(0, MOST_ACCOUNTS);
	const days = [...new Set(accounts.map((account) => day(account.day)))];
	return (
		<Card padding="md" component="section" aria-label="The last day of each account">
			<Title order={2} size="h6">
				{days.length === 1 ? `The day ${days[0]}` : "The last day of each account"}
			</Title>
			<Text size="xs" c="dimmed" mb="xs">
				Beside the mean of the seven days before, or of as many as there are. Its purchases are still coming
				in.
				{shownIn &&
					accounts.some(({ converted_from }) => converted_from) &&
					` Money is in ${shownIn}, each day by its own rate.`}
			</Text>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse */}
			<section className={SCROLLS} tabIndex={0} aria-label="Numbers of the last day">
				<table className={classes.days}>
					<thead>
						<tr>
							<th scope="col">Account</th>
							{FIGURES.map(({ name, title }) => (
								<th key={name} scope="col">
									{title}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{shown.map((account) => (
							<tr key={account.account_id}>
								<th scope="row">
									{account.account}
									{days.length > 1 && <span>{day(account.day)}</span>}
									{shownIn && account.currency !== shownIn && (
										<span>in {account.currency}: no rate for that day</span>
									)}
								</th>
								{FIGURES.map(({ name, shown }) => (
									<td key={name}>
										{show(account.values[name], shown, account.currency)}
										<span>{change(account.values[name], account.usual[name]) ?? "\u00a0"}</span>
									</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</section>
			{!all && accounts.length > MOST_ACCOUNTS && (
				<Text size="sm" mt="xs">
					<RowName onClick={() => setAll(true)}>
						Show {plural(accounts.length - MOST_ACCOUNTS, "more account")}
					</RowName>
				</Text>
			)}
		</Card>
	);
}

const LISTS = [
	{ value: "new", label: "Newly said" },
	{ value: "top", label: "Best" },
	{ value: "bottom", label: "Worst" },
];
const ABOUT: Record<string, string> = {
	new: "For the first time on the last day",
	top: "By the sure end of their return; in nine of ten cases it lies within",
	bottom: "Of those that got real money; in nine of ten cases their return lies within",
};

function Telling({ changes, shownIn, onOpen }: Props) {
	const { new: fresh, top, bottom } = changes;
	const [list, setList] = useState(fresh.length > 0 || top.length === 0 ? "new" : "top");
	return (
		<Card padding="md" component="section" aria-label="Ads worth a look">
			<VisuallyHidden component="h2">{LISTS.find(({ value }) => value === list)?.label}</VisuallyHidden>
			<SegmentedControl
				size="xs"
				fullWidth
				aria-label="Ads worth a look"
				data={LISTS}
				value={list}
				onChange={setList}
			/>
			<Text size="xs" c="dimmed" my="xs">
				{ABOUT[list]}
				{shownIn && list !== "new" && ". Their return is reckoned in each account's own currency"}
			</Text>
			{list === "new" ? (
				<Fresh ads={fresh} onOpen={onOpen} />
			) : (
				<Performers ads={list === "top" ? top : bottom} onOpen={onOpen} />
			)}
		</Card>
	);
}

function Fresh({ ads, onOpen }: { ads: ChangedAd[]; onOpen: (id: string) => void }) {
	const [all, setAll] = useState(false);
	if (ads.length === 0) return <Text size="sm">Nothing new.</Text>;
	return (
		<>
			<ul className={classes.list}>
				{(all ? ads : ads.slice(0, MOST_FRESH)).map((ad) => (
					<li key={`${ad.id}${ad.said.rule}`} title={ad.account}>
						<RowName onClick={() => onOpen(ad.id)}>
							<Breaking>{ad.name}</Breaking>
						</RowName>
						<Text size="xs" c="dimmed">
							{ad.said.title}
						</Text>
					</li>
				))}
			</ul>
			{!all && ads.length > MOST_FRESH && (
				<Text size="sm" mt="xs">
					<RowName onClick={() => setAll(true)}>Show {count(ads.length - MOST_FRESH)} more</RowName>
				</Text>
			)}
		</>
	);
}

function Performers({ ads, onOpen }: { ads: AdPerformer[]; onOpen: (id: string) => void }) {
	if (ads.length === 0) return <Text size="sm">Too little was seen to name any.</Text>;
	return (
		<ul className={classes.list}>
			{ads.map((ad) => (
				<li key={ad.id}>
					<span className={classes.paid}>
						<RowName onClick={() => onOpen(ad.id)}>
							<Breaking>{ad.name}</Breaking>
						</RowName>
						<Text size="xs" c="dimmed" truncate>
							{amount(ad.spend, ad.currency)} spent · {ad.account}
						</Text>
					</span>
					<Text size="sm" style={{ fontVariantNumeric: "tabular-nums" }}>
						{ad.low90.toFixed(2)}–{show(ad.high90, "times", null)}
					</Text>
				</li>
			))}
		</ul>
	);
}
