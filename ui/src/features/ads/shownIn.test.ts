import { expect, test } from "vitest";
import type { AdPage } from "@/api/generated/types.gen";
import { currencyWords, moneyWords } from "./shownIn";

const page = (change: Partial<AdPage>): AdPage => ({
	items: [],
	total: 3,
	totals: { ads: 3, values: {}, currency: null },
	currencies: ["EUR", "JPY"].map((currency) => ({ ads: 1, values: {}, currency })),
	in_order_by_currency: true,
	shown_in: null,
	window_days: 28,
	until: "2026-11-25",
	until_first: "2026-11-25",
	...change,
});
const shown = { currency: "EUR", base: "EUR", rates: 40, sources: ["ECB"], currencies: [] };

test("money that is not converted says that each currency is in order by itself", () => {
	expect(currencyWords(page({}))).toContain("Money is in EUR and JPY: each currency is in order by itself");
	expect(currencyWords(page({ in_order_by_currency: false }))).toContain("no sum over all");
});

test("converted money says by how many rates, from where, and which days are left out", () => {
	const left = { currency: "JPY", days_without_rate: 3, left_out: 12_000 };
	const all = { currency: "USD", days_without_rate: 0, left_out: 0 };
	expect(currencyWords(page({ shown_in: { ...shown, currencies: [left, all] } }))).toBe(
		"Money is in EUR, by 40 daily rates from ECB, each day by its own. 3 days of JPY without a rate (¥12,000) left out.",
	);
	expect(currencyWords(page({ shown_in: { ...shown, currencies: [all] } }))).not.toContain("left out");
});

test("without a rate nothing is said to be converted", () => {
	const left = { currency: "JPY", days_without_rate: 1, left_out: 900 };
	const words = currencyWords(page({ shown_in: { ...shown, rates: 0, sources: [], currencies: [left] } }));
	expect(words).toBe("Money is in EUR. No rate is known: 1 day of JPY without a rate (¥900) left out.");
	expect(currencyWords(page({ shown_in: shown }))).toBe("Money is in EUR; nothing had to be converted.");
});

test("an ad's panel says by which one rate verdicts are shown, or that they are not", () => {
	const shown = {
		currency: "EUR",
		base: "EUR",
		rates: 28,
		sources: ["ECB"],
		currencies: [{ currency: "USD", days_without_rate: 0, left_out: 0 }],
	};
	expect(moneyWords({ currency: "USD", verdict_rate: 0.917431 }, shown)).toBe(
		"Money is in EUR, by 28 daily rates from ECB, each day by its own. What is said of it was reckoned in USD, and is shown at 0.9174 EUR for one USD.",
	);
	expect(moneyWords({ currency: "USD", verdict_rate: null }, shown)).toContain("verdicts stay in USD.");
});
