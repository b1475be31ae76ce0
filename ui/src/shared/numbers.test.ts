import { expect, it } from "vitest";
import { percent, sureness } from "./numbers";

it("never shows something as nothing, nor what is not all as all", () => {
	expect([0, 0.004, 0.005, 0.5, 0.994, 0.996, 1].map(percent)).toEqual([
		"0 %",
		"< 1 %",
		"1 %",
		"50 %",
		"99 %",
		"> 99 %",
		"100 %",
	]);
	expect(percent(-0.1)).toBe("-10 %");
});

it("claims no certainty that a machine cannot have", () => {
	expect([0.42, 0.99, 0.998, 1].map(sureness)).toEqual(["42 %", "99 %", "> 99 %", "> 99 %"]);
});
