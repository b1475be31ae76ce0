/** What the address of the screen holds. In a file of its own, so that reading an address does not load the screen. */
const TABS = [
	"health",
	"workers",
	"queues",
	"organizations",
	"feeds",
	"database",
	"slow",
	"errors",
	"metrics",
	"alerts",
	"quality",
	"doctor",
] as const;
const SPANS = ["1h", "6h", "24h", "7d", "30d"] as const;
const FAULT_STATES = ["open", "resolved", "ignored"] as const;

export const HOURS = [1, 24, 168] as const;

export type Tab = (typeof TABS)[number];
export type Span = (typeof SPANS)[number];
export type Hours = (typeof HOURS)[number];
export type FaultState = (typeof FAULT_STATES)[number];

export type AdminSearch = {
	tab?: Tab;
	span?: Span;
	state?: FaultState;
	process?: string;
	error?: string;
	rule?: string;
	organization?: string;
	slow?: string;
	figure?: string;
	hours?: Hours;
};

export function adminSearch(search: Record<string, unknown>): AdminSearch {
	const one = <T extends string>(name: string, of: readonly T[]): Record<string, T> =>
		of.includes(search[name] as T) ? { [name]: search[name] as T } : {};
	const text = (name: string): Record<string, string> =>
		typeof search[name] === "string" && search[name] ? { [name]: search[name] } : {};
	return {
		...one("tab", TABS),
		...one("span", SPANS),
		...one("state", FAULT_STATES),
		...text("process"),
		...text("error"),
		...text("rule"),
		...text("organization"),
		...text("slow"),
		...text("figure"),
		...(HOURS.includes(search.hours as Hours) ? { hours: search.hours as Hours } : {}),
	};
}
