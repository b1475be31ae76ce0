import { expect, test } from "vitest";
import { changed, interval, shown } from "./figures";

test.each([
	["count", 8412, "8,412"],
	["share", 0.414, "41 %"],
	["balance", 0.28, "+0.28"],
	["balance", -0.31, "−0.31"],
	["balance", 0, "0.00"],
	["balance", 0.0011, "0.00"],
	["balance", -0.004, "0.00"],
	["share", null, "–"],
] as const)("a %s of %s is shown as %s", (unit, value, text) => expect(shown({ unit, value })).toBe(text));

test.each([
	["count", 0.23, 123, 100, "+23 %"],
	["count", 20, 2100, 100, "+2,000 %"],
	["count", 20, 21, 1, "+20"],
	["count", null, 21, 0, "new"],
	["share", -0.06, 0.4, 0.46, "−6 pt"],
	["balance", -0.04, 0.1, 0.14, "−0.04"],
	["share", -0.003, 0.4, 0.403, "0 pt"],
	["count", 0.004, 1004, 1000, "0 %"],
	["count", null, 21, null, undefined],
] as const)("a change of a %s by %s to %s from %s is %s", (unit, change, value, before, text) =>
	expect(changed({ unit, change, value, before })).toBe(text),
);

test("an interval is told in the figure's unit", () =>
	expect(interval({ unit: "share", interval: { low: 0.5, high: 0.62, level: 0.9 } })).toBe("50 % to 62 %"));
