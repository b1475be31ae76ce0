import { expect, test } from "vitest";
import { amount, bytes, figure } from "./figures";

test("bytes are said in the unit that fits", () => {
	expect([0, 999, 1536, 20_000_000, 3_210_000_000].map(bytes)).toEqual([
		"0 B",
		"999 B",
		"1.5 kB",
		"20 MB",
		"3.2 GB",
	]);
	expect(bytes(-2_000_000)).toBe("−2 MB");
});

test("a figure says what it is and in which unit", () => {
	expect(figure("longest_silence_seconds", 75)).toEqual(["Longest silence", "1 min 15 s"]);
	expect(figure("healthy_ratio", 0.93)).toEqual(["Healthy", "93 %"]);
	expect(figure("bytes", 20_000_000)).toEqual(["Size", "20 MB"]);
	expect(figure("connections", 12)).toEqual(["Connections", "12"]);
	expect(figure("age_seconds", null)).toEqual(["Age", "–"]);
});

test("small counts keep their fractions", () => {
	expect([amount(0.25, "count"), amount(3, "count"), amount(1234.4, "count")]).toEqual([
		"0.25",
		"3",
		"1,234",
	]);
});
