import { expect, test } from "vitest";
import { storiesBehind } from "./voices";

const DAYS = { since_on: "2026-10-01", until_on: "2026-10-30" };
const whole = "2026-10-01..2026-10-30";

test("a figure leads to the stories of its brand, its day or its outlet", () => {
	expect(storiesBehind("mentions", "me", DAYS)).toEqual({ brand: "me", range: whole });
	expect(storiesBehind("brand:other", "me", DAYS)).toEqual({ brand: "other", range: whole });
	expect(storiesBehind("volume:2026-10-03:other", "me", DAYS)).toEqual({
		brand: "other",
		range: "2026-10-03..2026-10-03",
	});
	expect(storiesBehind("outlet:Hour: News", "me", DAYS)).toEqual({
		brand: "me",
		range: whole,
		q: "Hour: News",
	});
});
