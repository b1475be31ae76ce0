import { Alert, Anchor, Badge, Card, Group, Stack, Text, Title } from "@mantine/core";
import { CirclePause } from "lucide-react";
import type { AdDetail, DiagnosisOut, UnsaidOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { Breaking } from "@/shared/Breaking";
import { later } from "@/shared/later";
import { capital } from "@/shared/numbers";
import { PanelBody, SlideOver } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { day } from "@/shared/time";
import { Estimates } from "./AdEstimates";
import classes from "./Ads.module.css";
import {
	amongText,
	amount,
	besideText,
	causeText,
	lackText,
	quietText,
	type Shown,
	show,
	spanText,
	sure,
	UNJUDGED,
} from "./adNumbers";
import { useAd } from "./adQueries";
import { Health } from "./Health";
import { moneyWords } from "./shownIn";

const AdTrend = later(async () => (await import("./AdTrend")).AdTrend);
const AdMoved = later(async () => (await import("./AdMoved")).AdMoved);

type Props = {
	id: string;
	/** The currency that was chosen for all money; without it, the account's own. */
	shownIn: string | undefined;
	onClose: () => void;
};

export function AdPanel({ id, shownIn, onClose }: Props) {
	const ad = useAd(id, shownIn);
	return (
		<SlideOver
			title={ad.data ? <Breaking>{ad.data.name}</Breaking> : "Ad"}
			about={ad.data && [ad.data.account, ad.data.campaign, ad.data.ad_set].filter(Boolean).join(" · ")}
			onClose={onClose}
		>
			{ad.isPending ? (
				<LoadingPanel what="the ad" />
			) : failed(ad) ? (
				<PanelBody>
					<ProblemPanel error={ad.error} retry={ad.refetch} />
				</PanelBody>
			) : (
				<PanelBody>
					<Details ad={ad.data} />
				</PanelBody>
			)}
		</SlideOver>
	);
}

const QUIET: Record<Exclude<AdDetail["delivery"], "recent">, string> = {
	ended: "What follows is of the 28 days up to then. It is judged again as soon as it runs.",
	never: "Nobody has seen it so far: there is nothing to count or to judge.",
	unknown:
		"Whether it still runs is not known. What follows is of the 28 days up to then, until its account is read again.",
};

function Details({ ad }: { ad: AdDetail }) {
	const currency = ad.shown_in?.currency ?? ad.currency;
	return (
		<Stack gap="md">
			<Group gap="xs">
				{(ad.delivery === "recent" || ad.delivery === "unknown") && (
					<Health ad={{ ...ad, delivery: "recent" }} most={4} />
				)}
				{ad.status && (
					<Badge variant="default">{capital(ad.status.toLowerCase().replaceAll("_", " "))}</Badge>
				)}
				{ad.format && <Badge variant="default">{capital(ad.format)}</Badge>}
			</Group>
			{ad.delivery !== "recent" && (
				<Alert color="gray" title={quietText(ad)} icon={<CirclePause size={16} />}>
					{QUIET[ad.delivery]}
				</Alert>
			)}
			{ad.health === "insufficient" && (
				<Text size="sm">
					Too little was seen to say how it does.
					{ad.more_spend && ` About ${amount(ad.more_spend, ad.verdict_currency)} more would tell.`}
				</Text>
			)}
			{ad.health === "unjudged" && <Text size="sm">{UNJUDGED}</Text>}
			{ad.shown_in && ad.shown_in.currency !== ad.currency && (
				<Text size="sm" c="dimmed">
					{moneyWords(ad, ad.shown_in)}
				</Text>
			)}
			{ad.diagnoses.map((said) => (
				<Diagnosis key={said.rule} said={said} currency={ad.verdict_currency} />
			))}
			{ad.unsaid.length > 0 && <Unsaid unsaid={ad.unsaid} />}
			{ad.days > 0 && <Numbers ad={ad} />}
			{ad.trend.length > 0 && (
				<div className={classes.trend}>
					<AdTrend trend={ad.trend} currency={currency} />
				</div>
			)}
			{ad.estimates.length > 0 && <Estimates estimates={ad.estimates} currency={ad.verdict_currency} />}
			<Creative ad={ad} />
			{ad.days > 0 && <AdMoved ad={ad.id} account={ad.account_id} shownIn={ad.shown_in?.currency} />}
			<Text size="xs" c="dimmed">
				{ad.since && ad.until && `${day(ad.since)} to ${day(ad.until)}, days of the account. `}
				{reach(ad)} Number {ad.external_id}.
			</Text>
		</Stack>
	);
}

/** Rules for which there was not enough: silence there is no praise. */
function Unsaid({ unsaid }: { unsaid: UnsaidOut[] }) {
	const lacks = [...new Set(unsaid.map((one) => one.lacks))];
	return (
		<details>
			<summary>
				<Text span size="sm" c="dimmed">
					Not enough evidence for {unsaid.length} of the rules
				</Text>
			</summary>
			<ul className={classes.unsaid}>
				{lacks.map((lack) => (
					<li key={lack}>
						<Text size="sm">
							{lackText(lack)}:{" "}
							{unsaid
								.filter((one) => one.lacks === lack)
								.map((one) => one.title)
								.join(", ")}
						</Text>
					</li>
				))}
			</ul>
		</details>
	);
}

const NUMBERS: { name: string; title: string; shown: Shown }[] = [
	{ name: "spend", title: "Spend", shown: "money" },
	{ name: "impressions", title: "Impressions", shown: "number" },
	{ name: "ctr", title: "CTR (link)", shown: "percent" },
	{ name: "cpm", title: "CPM", shown: "money" },
	{ name: "frequency", title: "Frequency", shown: "times" },
	{ name: "purchases", title: "Purchases", shown: "number" },
	{ name: "cost_per_purchase", title: "Per purchase", shown: "money" },
	{ name: "roas", title: "ROAS", shown: "times" },
];

function Numbers({ ad }: { ad: AdDetail }) {
	return (
		<dl className={classes.figures}>
			{NUMBERS.map(({ name, title, shown }) => (
				<div key={name}>
					<dt>{title}</dt>
					<dd title={ownWords(ad, name, shown)}>
						{show(ad.values[name], shown, ad.shown_in?.currency ?? ad.currency)}
					</dd>
				</div>
			))}
		</dl>
	);
}

/** What a converted figure is in the account's own currency. */
const ownWords = (ad: AdDetail, name: string, shown: Shown): string | undefined =>
	ad.shown_in && ad.shown_in.currency !== ad.currency && ad.own_values?.[name] != null
		? `${show(ad.own_values[name], shown, ad.currency)} in ${ad.currency}, all days`
		: undefined;

function reach({ reach_low: low, reach_high: high }: AdDetail): string {
	if (low === null || high === null) return "";
	if (low === high) return `${show(low, "number", null)} people reached in 28 days.`;
	return `Between ${show(low, "number", null)} and ${show(high, "number", null)} people reached in 28 days: days cannot be added up.`;
}

function Diagnosis({ said, currency }: { said: DiagnosisOut; currency: string }) {
	return (
		<Card padding="md" component="section" aria-label={said.title}>
			<Group justify="space-between" gap="xs" align="baseline">
				<Title order={3} size="h6">
					{said.title}
				</Title>
				<Text size="xs" c="dimmed">
					{sure(said.confidence)} sure, since {day(said.since)}
				</Text>
			</Group>
			<Text size="sm">{said.says}</Text>
			{said.among && (
				<Text size="xs" c="dimmed">
					Beside {amongText(said.among)}.
				</Text>
			)}
			{said.explained_by.length > 0 && (
				<Text size="sm" mt={4}>
					But {said.explained_by.map(causeText).join(", and ")}.
				</Text>
			)}
			<table className={classes.evidence} aria-label={`Evidence: ${said.title}`}>
				<tbody>
					{said.evidence.map((one) => (
						<tr key={`${one.metric}${one.span}`}>
							<th scope="row">
								{one.title}{" "}
								<Text span size="xs" c="dimmed">
									{spanText(one.span)}
								</Text>
							</th>
							<td>{show(one.value, one.shown, currency)}</td>
							<td>
								{one.other !== null && (
									<Text span size="xs" c="dimmed">
										{besideText(one.beside)} {show(one.other, one.shown, currency)}
									</Text>
								)}
							</td>
						</tr>
					))}
				</tbody>
			</table>
			<Text size="sm" mt={4} fw={550}>
				{said.what_to_do}
			</Text>
		</Card>
	);
}

function Creative({ ad }: { ad: AdDetail }) {
	const missing = ad.assets.filter(({ state }) => state !== "downloaded");
	return (
		<section aria-label="What it shows">
			<Title order={3} size="h6" mb="xs">
				What it shows
			</Title>
			<div className={classes.assets}>
				{ad.assets
					.filter(({ state }) => state === "downloaded")
					.map((asset) =>
						asset.kind === "video" ? (
							// biome-ignore lint/a11y/useMediaCaption: the platform gives no captions
							<video
								key={asset.id}
								className={classes.player}
								controls
								preload="none"
								poster={asset.poster ? `/api/ads/assets/${asset.id}?still=true` : undefined}
								src={`/api/ads/assets/${asset.id}`}
								aria-label={`Film of ${ad.name}`}
							/>
						) : (
							<img
								key={asset.id}
								className={classes.player}
								src={`/api/ads/assets/${asset.id}`}
								alt={`Shown by ${ad.name}`}
								loading="lazy"
							/>
						),
					)}
			</div>
			{missing.length > 0 && (
				<Text size="xs" c="dimmed">
					{missing.length} more could not be had
					{missing[0]?.why && `: ${missing[0].why}`}.
				</Text>
			)}
			{ad.title && <Text fw={550}>{ad.title}</Text>}
			{ad.body && (
				<Text size="sm" style={{ whiteSpace: "pre-line" }}>
					{ad.body}
				</Text>
			)}
			{ad.link && /^https?:/.test(ad.link) && (
				<Anchor
					href={ad.link}
					target="_blank"
					rel="noreferrer noopener"
					size="sm"
					style={{ overflowWrap: "anywhere" }}
				>
					{ad.link}
				</Anchor>
			)}
			{!ad.title && !ad.body && ad.assets.length === 0 && (
				<Text size="sm" c="dimmed">
					Nothing of it is here yet: pictures and texts come with a sync.
				</Text>
			)}
		</section>
	);
}
