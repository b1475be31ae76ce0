import type { CalendarEntry } from "@/api/generated/types.gen";

type Day = { day: string; entries: { key: string; entry: CalendarEntry; time: string; again: string }[] };

const MANY = 2;

/** The entries by day in a time zone; what comes often on one day is one line with its first time, how often and until when. */
export function inDays(items: CalendarEntry[], timeZone: string): Day[] {
	const dayOf = new Intl.DateTimeFormat("en-GB", {
		weekday: "long",
		day: "numeric",
		month: "long",
		timeZone,
	});
	const timeOf = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone });
	const days = new Map<string, CalendarEntry[]>();
	for (const item of items) {
		const day = dayOf.format(new Date(item.at));
		days.set(day, [...(days.get(day) ?? []), item]);
	}
	return [...days].map(([day, ofDay]) => {
		const bySchedule = new Map<string, CalendarEntry[]>();
		for (const item of ofDay)
			bySchedule.set(item.schedule_id, [...(bySchedule.get(item.schedule_id) ?? []), item]);
		const entries = [...bySchedule.values()].flatMap((same) => {
			const times = same.map(({ at }) => timeOf.format(new Date(at)));
			const first = same[0] as CalendarEntry;
			if (same.length > MANY) {
				const again = `${same.length} times, until ${times.at(-1)}`;
				return [{ key: first.schedule_id, at: first.at, entry: first, time: times[0] ?? "", again }];
			}
			return same.map((entry, index) => ({
				key: `${entry.schedule_id} ${entry.at}`,
				at: entry.at,
				entry,
				time: times[index] ?? "",
				again: "",
			}));
		});
		return { day, entries: entries.sort((a, b) => a.at.localeCompare(b.at)) };
	});
}
