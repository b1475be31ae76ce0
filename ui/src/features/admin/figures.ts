import { capital, count, percent } from "@/shared/numbers";
import { duration } from "@/shared/time";

export type Unit = "count" | "seconds" | "bytes" | "share";

/** 1536 → "1.5 kB" */
export function bytes(number: number): string {
	const units = ["B", "kB", "MB", "GB", "TB"];
	let value = Math.abs(number);
	let at = 0;
	while (value >= 1000 && at < units.length - 1) {
		value /= 1000;
		at++;
	}
	const shown = value >= 100 || at === 0 ? Math.round(value) : Math.round(value * 10) / 10;
	return `${number < 0 ? "−" : ""}${shown} ${units[at]}`;
}

/** A value as one would say it. */
export function amount(value: number, unit: Unit): string {
	if (unit === "bytes") return bytes(value);
	if (unit === "seconds") return value === 0 ? "0 s" : duration(value);
	if (unit === "share") return percent(value);
	return value >= 10 || Number.isInteger(value) ? count(Math.round(value)) : value.toFixed(2);
}

const WORDS: Record<string, string> = { p95: "95 of 100", rss: "memory", max: "most" };

/** "longest_silence_seconds" → "Longest silence", with its value in its unit. */
export function figure(name: string, value: unknown): [string, string] {
	const unit: Unit = /_bytes$|^bytes$/.test(name)
		? "bytes"
		: /seconds$/.test(name)
			? "seconds"
			: /ratio$|hits$/.test(name)
				? "share"
				: "count";
	const words = name
		.replace(/_(seconds|bytes|ratio)$/, "")
		.split("_")
		.map((word) => WORDS[word] ?? word)
		.join(" ");
	const label = capital(words);
	return [
		label === "Bytes" ? "Size" : label,
		typeof value === "number" ? amount(value, unit) : String(value ?? "–"),
	];
}
