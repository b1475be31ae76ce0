import { expect, test } from "vitest";
import { csv } from "./csv";

test("a table becomes lines with quotes where they are needed", () => {
	expect(
		csv([
			["Day", 'A "big" brand, Inc.'],
			["2026-11-20", 5],
		]),
	).toBe('Day,"A ""big"" brand, Inc."\r\n2026-11-20,5\r\n');
});

test("no cell can become a formula, and negative numbers stay numbers", () => {
	expect(csv([["=1+1", "@sum", "-x", -0.25]])).toBe("'=1+1,'@sum,'-x,-0.25\r\n");
});
