import { expect, test } from "vitest";
import type { AdMetricOut, AdOut } from "@/api/generated/types.gen";
import { adRows, pageRows } from "./adRows";

const AD = {
	id: "1",
	external_id: "120230000100000085",
	name: "Film",
	status: "ACTIVE",
	format: "video",
	account_id: "2",
	account: "Shop",
	currency: "EUR",
	campaign_id: null,
	campaign: null,
	ad_set: "Broad",
	picture: null,
	days: 28,
	delivery: "recent",
	last_shown_on: null,
	known_until: "2026-11-28",
	days_without_rate: 0,
	values: { spend: 12.5, ctr: 0.0143, roas: null },
	health: "warning",
	lacks: [],
	more_spend: null,
	said: [],
} satisfies AdOut;
const metric = (name: string, title: string, shown: AdMetricOut["shown"]): [string, AdMetricOut] => [
	name,
	{
		name,
		title,
		shown,
		about: "",
		formula: null,
		direction: "up",
		group: "cost",
		summable: false,
		id: null,
	} as unknown as AdMetricOut,
];
const METRICS = new Map([
	metric("spend", "Spend", "money"),
	metric("ctr", "CTR (link)", "percent"),
	metric("roas", "ROAS", "times"),
]);

test("numbers are plain, their unit stands in the heading, and what is undefined is no zero", () => {
	const [head, row] = adRows([AD], ["spend", "ctr", "roas"], METRICS);
	expect(head?.slice(-3)).toEqual(["Spend", "CTR (link) (%)", "ROAS"]);
	expect(row?.slice(-3)).toEqual([12.5, 1.43, ""]);
	expect(row?.[5]).toBe("EUR");
	expect(adRows([AD], ["spend"], METRICS, "USD")[1]?.[5]).toBe("USD");
});

test("the number of an ad keeps all of its digits, of which JavaScript would lose some", () => {
	const [, row] = adRows([AD], [], METRICS);
	expect(row?.[1]).toBe("120230000100000085");
	expect(row?.[7]).toBe("Warning");
});

test("an ad that is not shown says since when instead of a verdict", () => {
	const [, row] = adRows([{ ...AD, delivery: "ended", last_shown_on: "2026-11-02" }], [], METRICS);
	expect(row?.[7]).toBe("No delivery since 2 Nov");
});

test("an ad of whose account nothing is known any more keeps its verdict and says since when", () => {
	const [, row] = adRows([{ ...AD, delivery: "unknown", known_until: "2026-11-01" }], [], METRICS);
	expect(row?.[7]).toBe("Warning (Nothing known since 1 Nov)");
});

test("where money is converted, the own currency stands behind with the days that are left out", () => {
	const yen = {
		...AD,
		currency: "JPY",
		days_without_rate: 3,
		values: { ...AD.values, roas: 2 },
		own_values: { spend: 2000, roas: 2.1 },
	};
	const [head, row] = adRows([yen], ["spend", "ctr", "roas"], METRICS, "EUR");
	expect(head?.slice(-4)).toEqual([
		"Own currency",
		"Days without a rate",
		"Spend (own currency)",
		"ROAS (own currency)",
	]);
	expect(row?.slice(-7)).toEqual([12.5, 1.43, 2, "JPY", 3, 2000, 2.1]);
	expect(row?.[5]).toBe("EUR");
});

test("a page is a row with the currency of its figures and the bounds of its return", () => {
	const row = {
		page: "https://shop.example/chair",
		currency: "EUR",
		ads: 3,
		values: { spend: 90.5, ctr: 0.0123 },
		return_mean: 1.4,
		return_low90: 1.1,
		return_high90: null,
	};
	const unknown = { ...row, page: null, values: { spend: null, ctr: null }, return_mean: null };
	const [head, first, second] = pageRows([row, unknown], ["spend", "ctr"], new Map());
	expect(head?.slice(0, 5)).toEqual(["Page", "Ads", "Currency", "spend", "ctr"]);
	expect(first).toEqual(["https://shop.example/chair", 3, "EUR", 90.5, 0.0123, 1.4, 1.1, ""]);
	expect(second?.slice(0, 6)).toEqual(["", 3, "EUR", "", "", ""]);
});
