import { expect, it } from "vitest";
import { inWords } from "./AlertsTab";

it.each([
	["queue_oldest_wait_seconds", "above", 600, 5, "queue oldest wait above 10 min for 5 min"],
	["backup_age_seconds", "above", 604_800, 5, "backup age above 7 days for 5 min"],
	["disk_free_bytes", "below", 2e9, 5, "disk free below 2 GB for 5 min"],
	["feeds_healthy_ratio", "below", 0.8, 60, "feeds healthy below 80 % for 60 min"],
	["errors", "above", 20, 10, "errors above 20 within 10 min"],
	["slo_burn_fast", "above", 14.4, 1, "slo burn fast above 14.4 for 1 min"],
] as const)("the rule on %s is told with its unit", (metric, comparison, threshold, window_minutes, words) =>
	expect(inWords({ metric, label: null, comparison, threshold, window_minutes })).toBe(words),
);
