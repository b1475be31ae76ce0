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
	return (
		typeof value === "string" && (PRESETS.some((preset) => preset.value === value) || CUSTOM.test(value))
	);
}

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
	const today = now.tz(zone);
	return {
		since: today.subtract(length - 1, "day").format("YYYY-MM-DD"),
		until: today.format("YYYY-MM-DD"),
	};
}

/** The range as two moments: from the beginning of its first day to the end of its last. */
export function moments(range: Range, zone: string): { since?: string; until?: string } {
	const found = days(range, zone);
	if (!found) return {};
	const since = dayjs.tz(found.since, zone).toISOString();
	if (!CUSTOM.test(range)) return { since };
	// The day after, counted on the calendar: the last day may have 23 or 25 hours.
	const after = dayjs(found.until).add(1, "day").format("YYYY-MM-DD");
	return { since, until: dayjs.tz(after, zone).toISOString() };
}

export function rangeLabel(range: Range): string {
	const custom = CUSTOM.exec(range);
	if (!custom) return PRESETS.find(({ value }) => value === range)?.label ?? "Last 30 days";
	const show = (day: string | undefined) => dayjs(day).format("D MMM YYYY");
	return `${show(custom[1])} – ${show(custom[2])}`;
}
