import dayjs from "dayjs";
import timezone from "dayjs/plugin/timezone";
import utc from "dayjs/plugin/utc";

dayjs.extend(utc);
dayjs.extend(timezone);

/** "7d", "30d", "90d", "all", or two days "2026-01-01..2026-01-31". */
export type Range = string;

export const PRESETS: { value: Range; label: string }[] = [
	{ value: "7d", label: "Last 7 days" },
	{ value: "30d", label: "Last 30 days" },
	{ value: "90d", label: "Last 90 days" },
	{ value: "all", label: "All time" },
];
export const DEFAULT_RANGE: Range = "30d";

const CUSTOM = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/;

export function isRange(value: unknown): value is Range {
	if (typeof value !== "string") return false;
	if (PRESETS.some((preset) => preset.value === value)) return true;
	const [, since, until] = CUSTOM.exec(value) ?? [];
	return since !== undefined && until !== undefined && since <= until && isDay(since) && isDay(until);
}

/** Whether it is on the calendar: the 31st of February is read as a day in March. */
const isDay = (day: string) => dayjs.utc(day).format("YYYY-MM-DD") === day;

/** The first moment of a day: of two midnights, where the clocks go back to it, the earlier one. */
function beginning(day: string, zone: string): string {
	const midnight = dayjs.tz(day, zone);
	const before = midnight.subtract(1, "hour");
	return (before.tz(zone).format("YYYY-MM-DD") === day ? before : midnight).toISOString();
}

/** The day that it is in a zone. */
export const today = (zone: string, now = dayjs()) => now.tz(zone).format("YYYY-MM-DD");

/** First and last day of the range in the organization's zone, both included. */
export function days(
	range: Range,
	zone: string,
	now = dayjs(),
): { since: string; until: string } | undefined {
	const custom = CUSTOM.exec(range);
	if (custom?.[1] && custom[2]) return { since: custom[1], until: custom[2] };
	const length = Number.parseInt(range, 10);
	if (!length) return undefined;
	const since = now.tz(zone).subtract(length - 1, "day");
	return { since: since.format("YYYY-MM-DD"), until: today(zone, now) };
}

/** The range as two moments: from the beginning of its first day to the end of its last. */
export function moments(range: Range, zone: string): { since?: string; until?: string } {
	const found = days(range, zone);
	if (!found) return {};
	const since = beginning(found.since, zone);
	if (!CUSTOM.test(range)) return { since };
	// The day after, counted on the calendar: the last day may have 23 or 25 hours.
	const after = dayjs(found.until).add(1, "day").format("YYYY-MM-DD");
	return { since, until: beginning(after, zone) };
}

export function rangeLabel(range: Range): string {
	const custom = CUSTOM.exec(range);
	if (!custom) return PRESETS.find(({ value }) => value === range)?.label ?? "Last 30 days";
	const show = (day: string | undefined) => dayjs(day).format("D MMM YYYY");
	return `${show(custom[1])} – ${show(custom[2])}`;
}
