import dayjs from "dayjs";
import { expect, test } from "vitest";
import { SNOOZES, sinceOf } from "./snoozes";

const until = (now: string) => SNOOZES.map((snooze) => snooze.until(dayjs(now)).format("dd D HH:mm"));

test.each([
	["2026-11-25T23:10", ["Th 26 00:10", "Th 26 08:00", "Mo 30 08:00"]],
	["2026-11-29T09:00", ["Su 29 10:00", "Mo 30 08:00", "Mo 30 08:00"]],
	["2026-11-30T07:00", ["Mo 30 08:00", "Tu 1 08:00", "Mo 7 08:00"]],
])("at %s a notice can be put off", (now, expected) => expect(until(now)).toEqual(expected));

test("a span begins at a full hour", () => {
	expect(sinceOf("7d", dayjs("2026-11-25T23:10:00Z"))).toBe("2026-11-18T23:00:00.000Z");
	expect(sinceOf(undefined)).toBeUndefined();
});
