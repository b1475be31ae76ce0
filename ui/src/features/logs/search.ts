import type { ListLogRecordsData } from "@/api/generated/types.gen";

/** What the address says: the search itself, the open line, and whether new lines are followed. */
export type LogsSearch = {
	q?: string;
	level?: Level;
	run_id?: string;
	feed_id?: string;
	provider?: string;
	request_id?: string;
	process?: "web" | "worker" | "cli";
	logger?: string;
	/** How far back from now; or two moments. */
	span?: Span;
	since?: string;
	until?: string;
	scope?: "installation";
	line?: string;
	live?: "on";
};

export type Level = "debug" | "info" | "warning" | "error";
export type Query = NonNullable<ListLogRecordsData["query"]>;

export const LEVELS: { value: Level; label: string }[] = [
	{ value: "debug", label: "From debug up" },
	{ value: "info", label: "From info up" },
	{ value: "warning", label: "From warning up" },
	{ value: "error", label: "Errors only" },
];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const SPANS = {
	"15m": { label: "Last 15 minutes", length: 15 * MINUTE },
	"1h": { label: "Last hour", length: HOUR },
	"6h": { label: "Last 6 hours", length: 6 * HOUR },
	"1d": { label: "Last 24 hours", length: 24 * HOUR },
	"7d": { label: "Last 7 days", length: 7 * 24 * HOUR },
	"31d": { label: "Last 31 days", length: 31 * 24 * HOUR },
} as const;
export type Span = keyof typeof SPANS;
export const USUAL: Span = "1h";

/** What can be taken off a search one by one, with its word. */
export const FIELDS = {
	run_id: "Run",
	feed_id: "Feed",
	provider: "Provider",
	request_id: "Request",
	logger: "Logger",
} as const;
export type Field = keyof typeof FIELDS;

const KEPT = ["q", "level", "process", "scope", ...(Object.keys(FIELDS) as Field[])] as const;
const SAVED = [...KEPT, "span", "since", "until"] as const;

/** The filters as the API takes them, without the time. */
export function filtersOf(search: LogsSearch): Query {
	return Object.fromEntries(KEPT.filter((name) => search[name]).map((name) => [name, search[name]]));
}

/** The time that is searched, as of now. */
export function windowOf({ span = USUAL, since, until }: LogsSearch, now = Date.now()): Query {
	if (since) return { since, ...(until && { until }) };
	return { since: new Date(now - SPANS[span].length).toISOString() };
}

/** What is saved of a search: all but the open line and whether it is followed. */
export function savedOf(search: LogsSearch): Record<string, string> {
	return Object.fromEntries(SAVED.filter((name) => search[name]).map((name) => [name, String(search[name])]));
}

/** A search with nothing left of the one before. */
export function emptySearch(): LogsSearch {
	return Object.fromEntries([...SAVED, "line", "live"].map((name) => [name, undefined]));
}

export function isNarrowed(search: LogsSearch): boolean {
	return Object.keys(filtersOf(search)).some((name) => name !== "scope");
}

/** The address parameters that make sense; anything else is left out. */
export function parseSearch(given: Record<string, unknown>): LogsSearch {
	const found: LogsSearch = {};
	for (const name of ["q", "since", "until", "line", ...(Object.keys(FIELDS) as Field[])] as const) {
		const value = given[name];
		if ((typeof value === "string" && value !== "") || typeof value === "number") found[name] = String(value);
	}
	if (LEVELS.some(({ value }) => value === given.level)) found.level = given.level as Level;
	if (["web", "worker", "cli"].includes(given.process as string))
		found.process = given.process as NonNullable<LogsSearch["process"]>;
	if (typeof given.span === "string" && given.span in SPANS) found.span = given.span as Span;
	if (given.scope === "installation") found.scope = "installation";
	if (given.live === "on") found.live = "on";
	return found;
}
