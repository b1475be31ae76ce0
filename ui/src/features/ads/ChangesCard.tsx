import { Alert, Card, Stack, Text, Title } from "@mantine/core";
import { Radio } from "lucide-react";
import type { AdChanges, AdPerformer } from "@/api/generated/types.gen";
import { RowName } from "@/shared/DataTable";
import classes from "./Ads.module.css";
import { amount, change, happenedText, type Shown, show } from "./adNumbers";

const FIGURES: { name: string; title: string; shown: Shown }[] = [
	{ name: "spend", title: "Spend", shown: "money" },
	{ name: "purchases", title: "Purchases", shown: "number" },
	{ name: "cost_per_purchase", title: "Cost per purchase", shown: "money" },
	{ name: "roas", title: "ROAS", shown: "times" },
	{ name: "ctr", title: "CTR (link)", shown: "percent" },
	{ name: "cpm", title: "CPM", shown: "money" },
];

const days = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
export const dayText = (day: string): string => days.format(new Date(day));

/** What changed since yesterday: the accounts' last day, what is newly said, the best and the worst. */
export function ChangesCard({ changes, onOpen }: { changes: AdChanges; onOpen: (id: string) => void }) {
	const { accounts, happened, new: fresh, top, bottom } = changes;
	if (accounts.length === 0) return null;
	return (
		<Stack gap="sm" component="section" aria-label="What changed since yesterday">
			{happened.map((one) => (
				<Alert
					key={`${one.account_id}${one.what}${one.since}${one.page}`}
					color="blue"
					p="xs"
					icon={<Radio size={16} />}
					title={`${one.account}: ${dayText(one.since)}${one.until === one.since ? "" : ` to ${dayText(one.until)}`}`}
				>
					{one.page && (
						<Text size="sm" fw={550}>
							{one.page}
						</Text>
					)}
					{happenedText(one.what)} ({show(one.factor, "times", null)} what it was.)
				</Alert>
			))}
			<div className={classes.changes}>
				{accounts.slice(0, 3).map((account) => (
					<Card key={account.account_id} padding="md">
						<Title order={2} size="h6">
							{account.account}
						</Title>
						<Text size="xs" c="dimmed" mb="xs">
							{dayText(account.day)}, beside the mean of the seven days before
						</Text>
						<dl className={classes.figures}>
							{FIGURES.map(({ name, title, shown }) => (
								<div key={name}>
									<dt>{title}</dt>
									<dd>
										{show(account.values[name], shown, account.currency)}{" "}
										<Text span size="xs" c="dimmed" fw={400}>
											{change(account.values[name], account.usual[name])}
										</Text>
									</dd>
								</div>
							))}
						</dl>
						<Text size="xs" c="dimmed" mt="xs">
							Purchases of yesterday are still coming in.
						</Text>
					</Card>
				))}
				<Card padding="md">
					<Title order={2} size="h6">
						Newly said
					</Title>
					<Text size="xs" c="dimmed" mb="xs">
						For the first time on the last day
					</Text>
					{fresh.length === 0 ? (
						<Text size="sm">Nothing new.</Text>
					) : (
						<ul className={classes.list}>
							{fresh.slice(0, 6).map((ad) => (
								<li key={`${ad.id}${ad.said.rule}`}>
									<RowName onClick={() => onOpen(ad.id)}>{ad.name}</RowName>
									<Text size="xs" c="dimmed">
										{ad.said.title}
									</Text>
								</li>
							))}
						</ul>
					)}
				</Card>
				<Performers title="Best" about="By the sure end of their return" ads={top} onOpen={onOpen} />
				<Performers title="Worst" about="Of those that got real money" ads={bottom} onOpen={onOpen} />
			</div>
		</Stack>
	);
}

type PerformersProps = { title: string; about: string; ads: AdPerformer[]; onOpen: (id: string) => void };

function Performers({ title, about, ads, onOpen }: PerformersProps) {
	if (ads.length === 0) return null;
	return (
		<Card padding="md">
			<Title order={2} size="h6">
				{title}
			</Title>
			<Text size="xs" c="dimmed" mb="xs">
				{about}, in nine of ten cases within
			</Text>
			<ul className={classes.list}>
				{ads.map((ad) => (
					<li key={ad.id} title={`${amount(ad.spend, ad.currency)} spent`}>
						<RowName onClick={() => onOpen(ad.id)}>{ad.name}</RowName>
						<Text size="sm" style={{ fontVariantNumeric: "tabular-nums" }}>
							{ad.low90.toFixed(2)}–{show(ad.high90, "times", null)}
						</Text>
					</li>
				))}
			</ul>
		</Card>
	);
}
