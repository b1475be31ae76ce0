import { expect, test } from "vitest";
import { whole } from "./AdTrend";

const days = (...purchases: (number | null)[]) =>
	purchases.map((value) => ({ day: "2026-11-27", values: { purchases: value } }));

test("an axis of purchases has no half ones, and no more steps than there are purchases", () => {
	expect(whole(days(0, null, 1), "purchases")).toEqual({ allowDecimals: false, tickCount: 2 });
	expect(whole(days(0, 12), "purchases").tickCount).toBe(5);
	expect(whole(days(0, null), "purchases").tickCount).toBe(2);
});
