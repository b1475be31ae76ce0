import dayjs from "dayjs";
import { expect, test } from "vitest";
import { days, isRange, moments } from "./range";

test.each([
	["7d", true],
	["2026-01-01..2026-01-31", true],
	["2026-1-1..x", false],
	["2026-13-45..2026-13-46", false],
	["2026-02-30..2026-03-02", false],
	["2026-03-05..2026-03-01", false],
	["2024-02-29..2024-02-29", true],
	["", false],
	[7, false],
])("is %s a range: %s", (value, expected) => expect(isRange(value)).toBe(expected));

test("the last seven days end today in the organization's zone", () => {
	const lateInLondon = dayjs("2026-11-20T23:30:00Z");
	expect(days("7d", "Europe/Berlin", lateInLondon)).toEqual({ since: "2026-11-15", until: "2026-11-21" });
	expect(days("7d", "America/New_York", lateInLondon)).toEqual({ since: "2026-11-14", until: "2026-11-20" });
});

test("two days reach from the first's midnight to the end of the last, across a change of clocks", () => {
	expect(moments("2026-10-24..2026-10-25", "Europe/Berlin")).toEqual({
		since: "2026-10-23T22:00:00.000Z",
		until: "2026-10-25T23:00:00.000Z",
	});
});

test("a day whose midnight comes twice begins with the first of them", () => {
	expect(moments("2026-11-01..2026-11-01", "America/Havana")).toEqual({
		since: "2026-11-01T04:00:00.000Z",
		until: "2026-11-02T05:00:00.000Z",
	});
	expect(moments("2026-10-24..2026-10-24", "Atlantic/Azores").until).toBe("2026-10-25T00:00:00.000Z");
});

test("all time has no bounds", () => expect(moments("all", "UTC")).toEqual({}));
