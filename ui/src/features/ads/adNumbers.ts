import type { AdMetricOut, AdOut } from "@/api/generated/types.gen";
import { day } from "@/shared/time";

export type Shown = AdMetricOut["shown"];

const kept = new Map<string, Intl.NumberFormat>();
function format(options: Intl.NumberFormatOptions): Intl.NumberFormat {
	const key = JSON.stringify(options);
	const found = kept.get(key) ?? new Intl.NumberFormat("en", options);
	kept.set(key, found);
	return found;
}

/** An amount of a currency; small ones keep three digits, large ones need no cents. */
export function amount(value: number, currency: string): string {
	const size = Math.abs(value);
	if (size > 0 && size < 0.1)
		return format({
			style: "currency",
			currency,
			minimumFractionDigits: 2,
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
	if (shown === "times")
		return `${format({ maximumFractionDigits: 2, minimumFractionDigits: 2 }).format(value)}×`;
	if (shown === "seconds") return `${format({ maximumFractionDigits: 1 }).format(value)} s`;
	return format({ maximumFractionDigits: Math.abs(value) < 10 ? 2 : 0 }).format(value);
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

/** Since when an ad is not shown any more. */
export const quietText = ({ last_shown_on }: Pick<AdOut, "last_shown_on">): string =>
	last_shown_on ? `No delivery since ${day(last_shown_on)}` : "Never shown yet";

export const PRESETS = [
	{ value: "preset:performance", label: "Performance" },
	{ value: "preset:video", label: "Video" },
	{ value: "preset:conversions", label: "Conversions" },
];

const BESIDE: Record<string, string> = {
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
export const besideText = (beside: string): string => BESIDE[beside] ?? beside;

const SPANS: Record<string, string> = {
	window: "28 days",
	recent: "last 7 days",
	before: "21 days before",
	quarter: "90 days",
	selling: "28 days, without those on which nobody could buy",
};
export const spanText = (span: string): string => SPANS[span] ?? span;

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
	"Nothing is held against it, and nothing speaks for it: nobody could buy on its page for some days, or its purchases were not counted.";

const LACKS: Record<string, string> = {
	impressions: "Too few impressions yet",
	days: "Too few days yet",
	reach: "People reached were not asked for these days",
	spend: "Too little spent to say what a purchase costs",
	purchases: "Fewer than three purchases",
	clicks: "Too few came to its page",
	others_on_page: "No other ad brings enough people to its page",
	page: "It is not known where it leads",
	sold_out: "Nobody could buy on its page for too many of the days",
};
export const lackText = (lack: string): string => LACKS[lack] ?? lack;

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
