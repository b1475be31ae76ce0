import type { AdDetail, AdPage, ShownIn } from "@/api/generated/types.gen";
import { plural } from "@/shared/numbers";
import { amount } from "./adNumbers";

const list = (parts: string[]) => new Intl.ListFormat("en").format(parts);

/** How money of several currencies is shown: each by itself, or all in one, by which rates and without which days. */
export function currencyWords({ currencies, in_order_by_currency, shown_in }: AdPage): string {
	if (shown_in) return shownWords(shown_in);
	const names = list(currencies.map(({ currency }) => currency ?? ""));
	return in_order_by_currency
		? `Money is in ${names}: each currency is in order by itself, that of the most ads first.`
		: `Money is in ${names}, so that it has no sum over all.`;
}

function shownWords({ currency, rates, sources, currencies }: ShownIn): string {
	if (currencies.length === 0) return `Money is in ${currency}; nothing had to be converted.`;
	const left = currencies
		.filter(({ days_without_rate }) => days_without_rate > 0)
		.map(
			(one) =>
				`${plural(one.days_without_rate, "day")} of ${one.currency} without a rate (${amount(one.left_out, one.currency)})`,
		);
	const without = left.length > 0 ? ` ${list(left)} left out.` : "";
	if (rates === 0)
		return `Money is in ${currency}. No rate is known:${without || " nothing could be converted."}`;
	return `Money is in ${currency}, by ${plural(rates, "daily rate")} from ${list(sources)}, each day by its own.${without}`;
}

/** How the money of one ad is shown: its days each by its own rate, and verdicts, which are of many days, by one. */
export function moneyWords(ad: Pick<AdDetail, "currency" | "verdict_rate">, shown: ShownIn): string {
	const rate = ad.verdict_rate;
	const verdicts =
		rate == null
			? `No rate is known for them: verdicts stay in ${ad.currency}.`
			: `What is said of it was reckoned in ${ad.currency}, and is shown at ${rateWords(rate)} ${shown.currency} for one ${ad.currency}.`;
	return `${shownWords(shown)} ${verdicts}`;
}

const rateWords = (rate: number): string => String(Number(rate.toPrecision(4)));
