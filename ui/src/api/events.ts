import { type Query, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { hearFailure, sessionOptions } from "./session";

export type LiveEvent = { id: number | string; topic: string; key: string };
export type Connection = "connecting" | "live" | "reconnecting";

/** Which queries a topic makes stale, by the word in the operation's name (`listFeeds`, `getFeed`, …). */
const WORDS: Record<string, RegExp> = {
	runs: /Runs?$|DeadLetter/,
	"run-log": /RunLog/,
	schedules: /Schedules?$|NextRuns/,
	feeds: /Feed/,
	"ad-accounts": /AdAccount|AdSync|ConnectLink/,
	ads: /Ads$|Ad(Changes|Aims|Naming)?$/,
	brands: /Brand/,
	alerts: /Alert|Incident/,
	discovery: /Candidate/,
	mentions: /Mention|Stor(y|ies)|Article/,
	stories: /Mention|Stor(y|ies)/,
	reports: /Report/,
	notifications: /Notification/,
	members: /Members|Invitations|Keys|Audit|Session/,
	models: /Model/,
	topics: /Topic/,
};
/** What came after a number, how far that reaches, and whether it is all. */
type Missed = { items: LiveEvent[]; last: number | string; complete: boolean };

const FLUSH_EVERY = 250;
const POLL_EVERY = 5_000;
const HIDDEN_FOR = 60_000;
const RETRY_AFTER = [1_000, 5_000, 15_000, 30_000];

type QueryKey = { _id?: string; path?: Record<string, string> };

/** Does this event make that query stale? A query for one thing only if the event is about that thing. */
export function concerns({ topic, key }: LiveEvent, query: Pick<Query, "queryKey">): boolean {
	const { _id, path } = (query.queryKey[0] ?? {}) as QueryKey;
	if (!_id || !WORDS[topic]?.test(_id)) return false;
	return !path || topic === "stories" || topic === "mentions" || Object.values(path).includes(key);
}

/**
 * Keeps the query cache true to the server: one event stream for the whole tab.
 *
 * While the stream is broken it asks every five seconds what was missed; a tab that is hidden for a
 * minute lets go of its connection (a browser allows six a host) and catches up when it is seen again.
 */
export class LiveEvents {
	connection: Connection = "connecting";
	private source: EventSource | undefined;
	private last: string | undefined;
	private failures = 0;
	private pending: LiveEvent[] = [];
	private timers: Partial<Record<"flush" | "poll" | "retry" | "hidden", ReturnType<typeof setTimeout>>> = {};
	private listeners = new Set<() => void>();

	constructor(private readonly queries: QueryClient) {}

	/** `from` is the change before everything on screen was asked: the stream begins after it, not when it happens to open. */
	start(from?: number): void {
		if (from !== undefined) this.last ??= String(from);
		document.addEventListener("visibilitychange", this.onVisibility);
		this.connect();
	}

	stop(): void {
		document.removeEventListener("visibilitychange", this.onVisibility);
		this.source?.close();
		this.source = undefined;
		for (const timer of Object.values(this.timers)) clearTimeout(timer);
		this.timers = {};
	}

	subscribe = (listener: () => void): (() => void) => {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	};

	private connect(): void {
		this.source?.close();
		// Later streams begin where they open, because catching up also hears when not all can be told.
		const first = this.connection === "connecting" && this.last !== undefined;
		const source = new EventSource(
			first ? `/api/events?since=${encodeURIComponent(this.last ?? "")}` : "/api/events",
		);
		this.source = source;
		source.onopen = () => {
			clearTimeout(this.timers.poll);
			this.timers.poll = undefined;
			this.failures = 0;
			if (this.connection !== "connecting") void this.catchUp();
			this.become("live");
		};
		source.onmessage = ({ data }) => this.take(JSON.parse(data) as LiveEvent);
		source.onerror = () => {
			source.close();
			this.become("reconnecting");
			const wait = RETRY_AFTER[Math.min(this.failures, RETRY_AFTER.length - 1)];
			this.failures += 1;
			clearTimeout(this.timers.retry);
			this.timers.retry = setTimeout(() => this.connect(), wait);
			this.timers.poll ??= setTimeout(this.poll, POLL_EVERY);
		};
	}

	private poll = async (): Promise<void> => {
		await this.catchUp();
		if (this.timers.poll) this.timers.poll = setTimeout(this.poll, POLL_EVERY);
	};

	/**
	 * Takes what was missed. Without a last event, or when the server cannot tell all that came after it (it keeps an hour,
	 * and knows none that a backup brought back did not hold), asks for everything on screen anew, and goes on from there.
	 */
	private async catchUp(): Promise<void> {
		try {
			for (;;) {
				const { items, last, complete } = await this.missed();
				const knew = this.last !== undefined;
				this.last = String(last);
				if (!knew || !complete) {
					await this.queries.invalidateQueries();
					return;
				}
				for (const event of items) this.take(event);
				if (items.length === 0) return;
			}
		} catch {
			if (this.connection === "live") await this.queries.invalidateQueries();
		}
	}

	private async missed(): Promise<Missed> {
		const after = this.last === undefined ? "" : `?after=${encodeURIComponent(this.last)}`;
		const answer = await fetch(`/api/events/since${after}`);
		if (!answer.ok) {
			hearFailure(await answer.json());
			// One who may not listen any more has another role: what they see follows that.
			if (answer.status === 403)
				void this.queries.invalidateQueries({ queryKey: sessionOptions.queryKey, exact: true });
			throw new Error(answer.statusText);
		}
		return (await answer.json()) as Missed;
	}

	private take(event: LiveEvent): void {
		this.last = String(event.id);
		this.pending.push(event);
		this.timers.flush ??= setTimeout(this.flush, FLUSH_EVERY);
	}

	/** At most four times a second; a query that is still being asked waits for the next turn. */
	private flush = (): void => {
		this.timers.flush = undefined;
		const waiting = new Set<LiveEvent>();
		const events = this.pending;
		void this.queries.invalidateQueries({
			predicate: (query) => {
				const about = events.filter((event) => concerns(event, query));
				if (about.length === 0) return false;
				if (query.state.fetchStatus !== "fetching") return true;
				for (const event of about) waiting.add(event);
				return false;
			},
		});
		this.pending = [...waiting];
		if (waiting.size > 0) this.timers.flush = setTimeout(this.flush, FLUSH_EVERY);
	};

	private onVisibility = (): void => {
		clearTimeout(this.timers.hidden);
		if (document.hidden) {
			this.timers.hidden = setTimeout(() => {
				this.source?.close();
				this.source = undefined;
				clearTimeout(this.timers.retry);
				clearTimeout(this.timers.poll);
				this.timers.poll = undefined;
			}, HIDDEN_FOR);
		} else if (!this.source) {
			this.connect();
		}
	};

	private become(connection: Connection): void {
		this.connection = connection;
		for (const listener of this.listeners) listener();
	}
}

const streams = new WeakMap<QueryClient, LiveEvents>();

/** Starts the tab's stream, if whoever looks may listen, and says how it is. Used once, by the shell. */
export function useLiveEvents(may: boolean): Connection {
	const queries = useQueryClient();
	let stream = streams.get(queries);
	if (!stream) {
		stream = new LiveEvents(queries);
		streams.set(queries, stream);
	}
	const events = stream;
	useEffect(() => {
		if (!may) return;
		events.start(queries.getQueryData(sessionOptions.queryKey)?.last_change);
		return () => events.stop();
	}, [events, may, queries]);
	return useSyncExternalStore(events.subscribe, () => events.connection);
}
