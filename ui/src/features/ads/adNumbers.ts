import type { AdMetricOut, AdOut, AmongOut, EvidenceOut, UnsaidOut } from "@/api/generated/types.gen";
import { day } from "@/shared/time";

export type Shown = AdMetricOut["shown"];

const kept = new Map<string, Intl.NumberFormat>();
function format(options: Intl.NumberFormatOptions): Intl.NumberFormat {
	const key = JSON.stringify(options);
	const found = kept.get(key) ?? new Intl.NumberFormat("en", options);
	kept.set(key, found);
	return found;
}

/** An amount of a currency; small ones keep two digits, whatever is its smallest coin, large ones need no cents. */
export function amount(value: number, currency: string): string {
	const size = Math.abs(value);
	const coins = format({ style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
	if (size > 0 && size < 10 ** (1 - coins))
		return format({
			style: "currency",
			currency,
			minimumFractionDigits: coins,
			maximumSignificantDigits: 2,
		}).format(value);
	return format({ style: "currency", currency, ...(size >= 1000 && { maximumFractionDigits: 0 }) }).format(
		value,
	);
}

/** A value as its metric is shown; "–" where it is undefined. */
export function show(
	value: number | null | undefined,
	shown: Shown,
	currency: string | null | undefined,
): string {
	if (value === null || value === undefined) return "–";
	if (shown === "money") return currency ? amount(value, currency) : "–";
	if (shown === "percent") {
		const digits = Math.abs(value) < 0.1 ? 2 : 1;
		return `${format({ maximumFractionDigits: digits, minimumFractionDigits: digits }).format(100 * value)}\u00a0%`;
	}
	const size = Math.abs(value);
	// Two digits behind the point would show it as nothing.
	const small = size >= 1e-6 && size < 0.005;
	if (shown === "times")
		return `${format(small ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 2, minimumFractionDigits: 2 }).format(value)}×`;
	if (shown === "seconds") return `${format({ maximumFractionDigits: 1 }).format(value)} s`;
	if (small) return format({ maximumSignificantDigits: 2 }).format(value);
	return format({ maximumFractionDigits: size < 10 ? 2 : 0 }).format(value);
}

/** +12 % or −30 %, against what is usual; nothing where there is nothing to compare with. */
export function change(now: number | null | undefined, usual: number | null | undefined): string | undefined {
	if (now == null || !usual) return undefined;
	const by = Math.round((now / usual - 1) * 100);
	return `${by > 0 ? "+" : by < 0 ? "−" : "±"}${Math.abs(by)}\u00a0%`;
}

/** How sure something is; nothing is ever sure beyond all doubt. */
export const sure = (confidence: number): string =>
	confidence > 0.99 ? "over 99\u00a0%" : `${Math.floor(100 * confidence)}\u00a0%`;

/** Since when an ad is not shown any more, or nobody knows whether it is. */
export function quietText(ad: Pick<AdOut, "delivery" | "last_shown_on" | "known_until">): string {
	if (ad.delivery === "unknown" && ad.known_until) return `Nothing known since ${day(ad.known_until)}`;
	return ad.last_shown_on ? `No delivery since ${day(ad.last_shown_on)}` : "Never shown yet";
}

export const PRESETS = [
	{ value: "preset:performance", label: "Performance" },
	{ value: "preset:video", label: "Video" },
	{ value: "preset:conversions", label: "Conversions" },
];

const BESIDE: Record<Exclude<EvidenceOut["beside"], "none">, string> = {
	p10: "lowest tenth",
	p25: "lowest quarter",
	median: "median",
	mean: "mean",
	p75: "highest quarter",
	before: "before",
	first: "its first week",
	target: "a purchase may cost",
	limit: "limit",
	account: "account",
	page: "others to its page",
};
export const besideText = (beside: EvidenceOut["beside"]): string =>
	beside === "none" ? "" : BESIDE[beside];

const SPANS: Record<EvidenceOut["span"], string> = {
	window: "28 days",
	recent: "last 7 days",
	before: "21 days before",
	quarter: "90 days",
	selling: "28 days, without those on which nobody could buy",
};
export const spanText = (span: EvidenceOut["span"]): string => SPANS[span];

/** Whom an ad is compared with: “34 sales videos”. */
export function amongText({ ads, aim, format }: AmongOut): string {
	const kind = format === "video" ? "video" : format === "still" ? "still" : "ad";
	return [show(ads, "number", null), aim, ads === 1 ? kind : `${kind}s`].filter(Boolean).join(" ");
}

const CAUSES: Record<string, string> = {
	edited: "it was edited",
	budget_changed: "its daily spend changed by more than 30 %",
	account_dearer: "impressions became dearer in the whole account",
	tracking_outage: "purchases are missing in the whole account",
	sold_out: "for some days hardly anybody who came to its page bought, which may be chance",
	page_down: "its page was not there for some days",
	page_worse: "its page sells less than before, whichever ad leads there",
};
export const causeText = (cause: string): string => CAUSES[cause] ?? cause;

/** Of an ad whose page, or the tracking, left too little to judge it by. */
export const UNJUDGED =
	"Nothing is held against it, and nothing speaks for it: nobody could buy on its page for some days, its purchases were not counted, or neither it nor ads like it sold anything and no target is set.";

const LACKS: Record<UnsaidOut["lacks"], string> = {
	impressions: "Too few impressions yet",
	days: "Too few days yet",
	reach: "People reached were not asked for these days",
	spend: "Too little spent to say what a purchase costs",
	purchases: "Fewer than three purchases",
	clicks: "Too few came to its page",
	others_on_page: "No other ad brings enough people to its page",
	page: "It is not known where it leads",
	sold_out: "Nobody could buy on its page for too many of the days",
	target: "Neither it nor ads like it sold anything; set what a purchase may cost to have it judged",
	ads: "Fewer than five ads to compare it with",
	ad_days: "The ads to compare it with were shown on too few days",
	impressions_of_ads: "The ads to compare it with have too few impressions",
	spend_of_ads: "Too little was spent on the ads to compare it with",
};
export const lackText = (lack: UnsaidOut["lacks"]): string => LACKS[lack];

const HAPPENED: Record<string, string> = {
	tracking_outage:
		"Purchases and page views were hardly counted: look at the tracking. These days are held against no ad.",
	purchases_collapsed: "Hardly anybody bought, though pages were seen. These days are held against no ad.",
	dearer_impressions: "Impressions became dearer for all ads: this is the auction, not a tired ad.",
	purchases_fell: "Fewer of those who click buy, in the whole account.",
	purchases_rose: "More of those who click buy, in the whole account.",
	sold_out:
		"Hardly anybody who came to this page bought, while the other pages sold: sold out, a broken checkout, or chance? Look at the shop first.",
	page_down: "Clicks on the ads that lead to this page hardly ever found it: is it there?",
	page_worse:
		"Of those who come to this page fewer go on than before, whichever ad brings them: what was changed?",
	page_better:
		"Of those who come to this page more seem to go on than before, whichever ad brings them: a hint, no more.",
};
export const happenedText = (what: string): string => HAPPENED[what] ?? what;
