import { expect, test } from "vitest";
import { fromDollars, money, priceText, tokens } from "./money";

test.each([
	[0, "$0.00"],
	[1_200_000, "$1.20"],
	[12_345, "$0.0123"],
	[120, "$0.00012"],
	[1, "$0.000001"],
])("%i millionths of a dollar are %s", (micros, text) => expect(money(micros)).toBe(text));

test("what is typed as dollars is kept in millionths, and nonsense is none", () => {
	expect(fromDollars("2.5")).toBe(2_500_000);
	expect(fromDollars(0)).toBe(0);
	expect(fromDollars("")).toBeUndefined();
	expect(fromDollars("-1")).toBeUndefined();
	expect(fromDollars("much")).toBeUndefined();
});

test("tokens and prices are told in words", () => {
	expect(tokens(1_234_567)).toBe("1.2M tokens");
	expect(tokens(1)).toBe("1 token");
	expect(priceText(null)).toContain("not known");
	expect(priceText({ input: 250_000, output: 2_000_000 })).toBe(
		"$0.25 read, $2.00 written, per million tokens",
	);
});
