import { expect, test } from "vitest";
import { inDays } from "./days";

const entry = (at: string, schedule_id: string) => ({
	at,
	schedule_id,
	title: schedule_id,
	job: "a",
	jitter_seconds: 0,
});

test("a day is the day of the time zone, and its times are in order", () => {
	const days = inDays(
		[entry("2026-11-25T22:30:00Z", "late"), entry("2026-11-25T23:30:00Z", "next day")],
		"Europe/Berlin",
	);
	expect(days.map(({ day, entries }) => [day, entries.map(({ time }) => time)])).toEqual([
		["Wednesday 25 November", ["23:30"]],
		["Thursday 26 November", ["00:30"]],
	]);
});

test("what comes often is one line", () => {
	const hourly = Array.from({ length: 24 }, (_, hour) =>
		entry(`2026-11-25T${String(hour).padStart(2, "0")}:00:00Z`, "hourly"),
	);
	const [day] = inDays([...hourly, entry("2026-11-25T08:30:00Z", "daily")], "UTC");
	expect(day?.entries.map(({ time, again }) => [time, again])).toEqual([
		["00:00", "24 times, until 23:00"],
		["08:30", ""],
	]);
});
