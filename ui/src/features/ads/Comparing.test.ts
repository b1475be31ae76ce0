import { expect, test } from "vitest";
import type { MeasureCompared } from "@/api/generated/types.gen";
import { together } from "./Comparing";

const day = (ours: number | null, source: number | null) => ({
	measures: [{ measure: "clicks", ours, source, difference: null, cause: "equal" } as MeasureCompared],
});

test("days of which one side is not known are in no sum, for they would look like a difference", () => {
	expect(together([day(10, 10), day(7, null), day(null, 3), day(5, 6)], "clicks")).toEqual({
		days: 2,
		ours: 15,
		source: 16,
		worth: 0,
	});
	expect(together([day(10, 10)], "spend_micros").days).toBe(0);
});

test("what days were worth in another currency is added up by each day's rate, without those that have none", () => {
	const days = [{ ...day(10, 10), rate: 0.5 }, { ...day(20, 20), rate: 0.25 }, day(40, 40)];
	expect(together(days, "clicks").worth).toBe(10);
});
