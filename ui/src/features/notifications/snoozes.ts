import dayjs from "dayjs";

export type Snooze = { label: string; until: (now: dayjs.Dayjs) => dayjs.Dayjs };

const MORNING = 8;

/** Until when a notice may be put off, in the viewer's own time. */
export const SNOOZES: Snooze[] = [
	{ label: "For an hour", until: (now) => now.add(1, "hour") },
	{ label: "Until tomorrow, 8:00", until: (now) => morning(now.add(1, "day")) },
	{
		label: "Until Monday, 8:00",
		until: (now) => morning(now.add(((8 - now.day()) % 7) + (now.day() === 1 ? 7 : 0), "day")),
	},
];

function morning(day: dayjs.Dayjs): dayjs.Dayjs {
	return day.hour(MORNING).minute(0).second(0).millisecond(0);
}

/** The beginning of the last day, week or month, to the hour: the question stays the same for a while. */
export function sinceOf(span: string | undefined, now = dayjs()): string | undefined {
	const days = Number.parseInt(span ?? "", 10);
	return days ? now.startOf("hour").subtract(days, "day").toISOString() : undefined;
}
