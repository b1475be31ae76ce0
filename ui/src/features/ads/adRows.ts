import type { AdMetricOut, AdOut, PageOfAds } from "@/api/generated/types.gen";
import type { Value } from "@/shared/csv";
import { quietText } from "./adNumbers";

const HEALTHS: Record<string, string> = {
	critical: "Critical",
	warning: "Warning",
	healthy: "Nothing wrong",
	unjudged: "Not judged",
	insufficient: "Not enough evidence",
};

function verdictOf(ad: AdOut): string {
	const verdict = HEALTHS[ad.health ?? ""] ?? "Not judged yet";
	if (ad.delivery === "unknown") return `${verdict} (${quietText(ad)})`;
	return ad.delivery === "recent" ? verdict : quietText(ad);
}

/** Ads as rows of a table that other programs read: plain numbers, the unit in the heading or in a column of its own.
 * `shownIn` is the currency that all money was converted to, if it was; then each account's own stands behind. */
export function adRows(
	ads: readonly AdOut[],
	columns: readonly string[],
	metrics: ReadonlyMap<string, AdMetricOut>,
	shownIn?: string,
): Value[][] {
	const head = [
		"Ad",
		"Ad ID",
		"Ad set",
		"Campaign",
		"Account",
		"Currency",
		"Status",
		"Verdict",
		"What is said",
	];
	const titles = columns.map((name) => titleOf(name, metrics.get(name)));
	const own = shownIn
		? columns.filter((name) => ads.some(({ own_values }) => own_values && name in own_values))
		: [];
	const ownTitles = own.map((name) => `${metrics.get(name)?.title ?? name} (own currency)`);
	return [
		[...head, ...titles, ...(shownIn ? ["Own currency", "Days without a rate", ...ownTitles] : [])],
		...ads.map((ad): Value[] => [
			ad.name,
			ad.external_id,
			ad.ad_set ?? "",
			ad.campaign ?? "",
			ad.account,
			shownIn ?? ad.currency,
			ad.status ?? "",
			verdictOf(ad),
			ad.said.map(({ title }) => title).join("; "),
			...columns.map((name) => plain(ad.values[name], metrics.get(name))),
			...(shownIn ? [ad.currency, ad.days_without_rate] : []),
			...own.map((name) => plain(ad.own_values?.[name], metrics.get(name))),
		]),
	];
}

/** A page as people read it. */
export const pageName = (page: string | null): string =>
	page === null ? "Page not known" : page.replace(/^https?:\/\//, "");

/** Pages as rows of such a table; the currency of a row is the one that its figures are in. */
export function pageRows(
	pages: readonly PageOfAds[],
	columns: readonly string[],
	metrics: ReadonlyMap<string, AdMetricOut>,
): Value[][] {
	return [
		["Page", "Ads", "Currency", ...columns.map((name) => titleOf(name, metrics.get(name))), ...RETURNS],
		...pages.map((row): Value[] => [
			row.page ?? "",
			row.ads,
			row.currency,
			...columns.map((name) => plain(row.values[name], metrics.get(name))),
			row.return_mean ?? "",
			row.return_low90 ?? "",
			row.return_high90 ?? "",
		]),
	];
}

const RETURNS = ["Likely return", "Return at least (90 %)", "Return at most (90 %)"];

function titleOf(name: string, metric: AdMetricOut | undefined): string {
	const unit = metric?.shown === "percent" ? " (%)" : metric?.shown === "seconds" ? " (s)" : "";
	return `${metric?.title ?? name}${unit}`;
}

/** Nothing where it is undefined: a zero would be a number. */
function plain(value: number | null | undefined, metric: AdMetricOut | undefined): Value {
	if (value === null || value === undefined) return "";
	return Number((metric?.shown === "percent" ? 100 * value : value).toPrecision(12));
}
