import { expect, test } from "vitest";
import { amount, show } from "./adNumbers";
import { askedOfAds } from "./adQueries";

test.each([
	[0.42, "JPY", "¥0.42"],
	[4.23, "JPY", "¥4.2"],
	[5, "JPY", "¥5"],
	[42.3, "JPY", "¥42"],
	[0.004, "KWD", "KWD 0.004"],
	[0.0213, "USD", "$0.021"],
	[0.5, "USD", "$0.50"],
	[0, "JPY", "¥0"],
	[1234.56, "EUR", "€1,235"],
])("%d %s is never shown as nothing", (value, currency, said) => {
	expect(amount(value, currency).replaceAll("\u00a0", " ")).toBe(said);
});

test("a small number or multiple keeps two digits", () => {
	expect(show(0.0012, "number", null)).toBe("0.0012");
	expect(show(0.00346, "times", null)).toBe("0.0035×");
	expect([show(0, "number", null), show(0, "times", null)]).toEqual(["0", "0.00×"]);
	expect([show(0.126, "number", null), show(1.5, "times", null)]).toEqual(["0.13", "1.50×"]);
});

test("ads are asked for, and exported, in an order that they have when pages are in order by how many lead there", () => {
	expect(["ads", "-ads", "-roas"].map((sort) => askedOfAds({ sort }).sort)).toEqual([
		undefined,
		undefined,
		"-roas",
	]);
});
