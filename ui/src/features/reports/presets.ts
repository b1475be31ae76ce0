import dayjs from "dayjs";
import { days } from "@/shared/range";

export type Preset = { label: string; since: string; until: string };

const DAY = "YYYY-MM-DD";

/** The usual ranges, ending today or with the last whole week or month, in the organization's zone. */
export function presets(zone: string, now = dayjs()): Preset[] {
	const last = (length: number): Preset => {
		const found = days(`${length}d`, zone, now);
		return { label: `Last ${length} days`, since: found?.since ?? "", until: found?.until ?? "" };
	};
	const today = dayjs(now.tz(zone).format(DAY));
	const monday = today.subtract((today.day() + 6) % 7, "day");
	const first = today.startOf("month");
	return [
		last(7),
		{
			label: "Last week",
			since: monday.subtract(7, "day").format(DAY),
			until: monday.subtract(1, "day").format(DAY),
		},
		last(30),
		{
			label: "Last month",
			since: first.subtract(1, "month").format(DAY),
			until: first.subtract(1, "day").format(DAY),
		},
		last(90),
	];
}
