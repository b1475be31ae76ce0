import { Tooltip } from "@mantine/core";
import dayjs from "dayjs";
import relativeTime from "dayjs/plugin/relativeTime";
import { useSyncExternalStore } from "react";

dayjs.extend(relativeTime);

const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });

const MINUTE = 60_000;
const listening = new Set<() => void>();
let tick: ReturnType<typeof setInterval> | undefined;

/** All that is told by the clock is told anew together, each minute. */
function eachMinute(tell: () => void): () => void {
	listening.add(tell);
	tick ??= setInterval(() => {
		for (const each of listening) each();
	}, MINUTE);
	return () => {
		listening.delete(tell);
		if (listening.size > 0) return;
		clearInterval(tick);
		tick = undefined;
	};
}

/** "3 hours ago" as time goes by, with the exact time in the viewer's zone on hover. */
export function Ago({ at }: { at: string }) {
	const ago = useSyncExternalStore(eachMinute, () => dayjs(at).fromNow());
	return (
		<Tooltip label={full.format(new Date(at))}>
			<time dateTime={at} style={{ whiteSpace: "nowrap" }}>
				{ago}
			</time>
		</Tooltip>
	);
}

/** "24 Nov, 14:05", with the year when it is another one. */
export function moment(at: string): string {
	const time = dayjs(at);
	return time.format(time.isSame(dayjs(), "year") ? "D MMM, HH:mm" : "D MMM YYYY, HH:mm");
}

/** The same by the clocks of a zone: a report counts by days of its own, wherever it is read. */
export function momentIn(at: string, zone: string): string {
	const parts = new Intl.DateTimeFormat("en-US", {
		timeZone: zone,
		day: "numeric",
		month: "short",
		year: "numeric",
		hour: "2-digit",
		minute: "2-digit",
		hourCycle: "h23",
	}).formatToParts(new Date(at));
	const part = (wanted: Intl.DateTimeFormatPartTypes) => parts.find(({ type }) => type === wanted)?.value;
	const year = Number(part("year")) === dayjs().year() ? "" : ` ${part("year")}`;
	return `${part("day")} ${part("month")}${year}, ${part("hour")}:${part("minute")}`;
}

export function day(on: string): string {
	const time = dayjs(on);
	return time.format(time.isSame(dayjs(), "year") ? "D MMM" : "D MMM YYYY");
}

/** 75 → "1 min 15 s", 600 → "10 min", 604800 → "7 days" */
export function duration(seconds: number): string {
	if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
	if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
	const whole = Math.round(seconds);
	if (whole < 60) return `${whole} s`;
	const minutes = Math.floor(whole / 60);
	if (minutes < 60) return together(`${minutes} min`, whole % 60, "s");
	const hours = Math.floor(minutes / 60);
	if (hours < 48) return together(`${hours} h`, minutes % 60, "min");
	return together(`${Math.floor(hours / 24)} days`, hours % 24, "h");
}

const together = (more: string, rest: number, unit: string) => (rest ? `${more} ${rest} ${unit}` : more);
