const NAMES = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

export const PRESETS = [
	{ value: "*/15 * * * *", label: "Every 15 minutes" },
	{ value: "0 * * * *", label: "Every hour" },
	{ value: "0 */6 * * *", label: "Every 6 hours" },
	{ value: "0 8 * * *", label: "Every day at 8:00" },
	{ value: "0 8 * * 1-5", label: "Every weekday at 8:00" },
	{ value: "0 8 * * 1", label: "Every Monday at 8:00" },
	{ value: "0 8 1 * *", label: "On the first of the month at 8:00" },
];

/** The usual shapes of a cron expression in words; anything else as it stands. */
export function inWords(cron: string): string {
	const preset = PRESETS.find(({ value }) => value === cron.trim());
	if (preset) return preset.label;
	const [minute = "", hour = "", day = "", month = "", weekday = "", ...rest] = cron.trim().split(/\s+/);
	if (rest.length > 0 || month !== "*") return cron;
	const every = /^\*\/(\d+)$/;
	if (hour === "*" && day === "*" && weekday === "*") {
		if (minute === "*") return "Every minute";
		if (every.test(minute)) return `Every ${minute.slice(2)} minutes`;
		if (/^\d+$/.test(minute)) return `Every hour at :${minute.padStart(2, "0")}`;
	}
	if (!/^\d+$/.test(minute)) return cron;
	if (every.test(hour) && day === "*" && weekday === "*" && minute === "0")
		return `Every ${hour.slice(2)} hours`;
	if (!/^\d+$/.test(hour)) return cron;
	const at = `at ${Number(hour)}:${minute.padStart(2, "0")}`;
	if (day === "*" && weekday === "*") return `Every day ${at}`;
	if (day === "*" && weekday === "1-5") return `Every weekday ${at}`;
	if (day === "*" && /^[0-7]$/.test(weekday)) return `Every ${NAMES[Number(weekday) % 7]} ${at}`;
	if (/^\d+$/.test(day) && weekday === "*") return `On day ${day} of the month ${at}`;
	return cron;
}
