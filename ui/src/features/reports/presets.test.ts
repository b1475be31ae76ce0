import dayjs from "dayjs";
import { expect, test } from "vitest";
import { presets } from "./presets";

const found = (label: string, now: string) =>
	presets("Europe/Berlin", dayjs(now)).find((preset) => preset.label === label);

test.each([
	["Last week", "2026-11-25T12:00:00Z", "2026-11-16", "2026-11-22"],
	["Last week", "2026-11-22T23:30:00Z", "2026-11-16", "2026-11-22"],
	["Last week", "2026-11-22T12:00:00Z", "2026-11-09", "2026-11-15"],
	["Last month", "2026-03-31T12:00:00Z", "2026-02-01", "2026-02-28"],
	["Last 7 days", "2026-11-25T12:00:00Z", "2026-11-19", "2026-11-25"],
])("%s at %s is from %s to %s", (label, now, since, until) =>
	expect(found(label, now)).toEqual({ label, since, until }),
);
