import { useEffect, useRef, useState } from "react";
import { listLogRecords } from "@/api/generated/sdk.gen";
import type { LogRecordOut } from "@/api/generated/types.gen";
import { filtersOf, type LogsSearch, type Query } from "./search";

const POLL_EVERY = 2_000;
const RETRY_AFTER = 15_000;
const FLUSH_EVERY = 250;
/** Processes write in batches, and their clocks differ: what is a little older may still arrive. */
const LOOK_BACK = 8_000;
const AT_ONCE = 500;
/** More lines than that nobody reads, and no browser shows well. */
export const KEPT = 2_000;

/** How lines come: as a stream, by asking every two seconds where no stream passes, or not at all at the moment. */
export type Way = "stream" | "asking" | "broken";

export type News = { lines: LogRecordOut[]; skipped: number };

type Tail = {
	/** Lines that came since it was switched on, newest first. */
	lines: LogRecordOut[];
	/** Lines that came while it was held. */
	held: number;
	/** Lines that came too fast to be shown. */
	skipped: number;
	way: Way;
	release: () => void;
};

const NOTHING: News = { lines: [], skipped: 0 };

/** Follows a search: new lines as they are written. While `hold` is on they are kept back and counted. */
export function useTail(search: LogsSearch, hold: boolean): Tail {
	const on = search.live === "on" && !search.since;
	const filters = JSON.stringify(filtersOf(search));
	const [shown, setShown] = useState(NOTHING);
	const [waiting, setWaiting] = useState(NOTHING);
	const [way, setWay] = useState<Way>("stream");
	const holding = useRef(hold);
	holding.current = hold;

	useEffect(() => {
		setShown(NOTHING);
		setWaiting(NOTHING);
		setWay("stream");
		if (!on) return;
		const following = follow(JSON.parse(filters) as Query, setWay, (came) => {
			const add = (old: News) => joined(came, old);
			if (holding.current) setWaiting(add);
			else setShown(add);
		});
		return () => following.stop();
	}, [on, filters]);

	const release = () => {
		setShown((old) => joined(waiting, old));
		setWaiting(NOTHING);
	};
	return {
		lines: shown.lines,
		held: waiting.lines.length,
		skipped: shown.skipped + waiting.skipped,
		way,
		release,
	};
}

/** Newest first, and at most as many as are shown: the oldest go, and are counted. The identifiers of lines sort by time. */
export function joined(came: News, old: News): News {
	const lines = [...came.lines, ...old.lines].sort((one, other) => (one.id < other.id ? 1 : -1));
	return {
		lines: lines.slice(0, KEPT),
		skipped: came.skipped + old.skipped + Math.max(0, lines.length - KEPT),
	};
}

/** Hands over what comes until it is stopped. While the stream is broken it asks, and tries the stream again. */
export function follow(
	filters: Query,
	onWay: (way: Way) => void,
	onNews: (came: News) => void,
): { stop: () => void } {
	const stop = new AbortController();
	const seen = new Set<string>();
	const address = `/api/logs/stream?${new URLSearchParams(filters as Record<string, string>)}`;
	let source: EventSource;
	let pending: News = NOTHING;
	let asked = Date.now();
	let asking = false;
	const timers: Partial<Record<"flush" | "ask" | "retry", ReturnType<typeof setTimeout>>> = {};

	const take = (lines: LogRecordOut[], skipped = 0) => {
		const fresh = lines.filter(({ id }) => !seen.has(id));
		for (const { id } of fresh) seen.add(id);
		// A set remembers in which order things came: the oldest cannot come again.
		for (const id of seen) {
			if (seen.size <= 5 * KEPT) break;
			seen.delete(id);
		}
		if (fresh.length === 0 && skipped === 0) return;
		pending = { lines: [...pending.lines, ...fresh], skipped: pending.skipped + skipped };
		timers.flush ??= setTimeout(() => {
			timers.flush = undefined;
			onNews(pending);
			pending = NOTHING;
		}, FLUSH_EVERY);
	};

	const connect = () => {
		source = new EventSource(address);
		source.onopen = () => {
			asking = false;
			clearTimeout(timers.ask);
			onWay("stream");
		};
		source.addEventListener("line", ({ data }) => {
			asked = Date.now();
			take([JSON.parse(data) as LogRecordOut]);
		});
		source.addEventListener("skipped", ({ data }) =>
			take([], (JSON.parse(data) as { lines: number | null }).lines ?? 1),
		);
		// The server has ended it, and would do so again at once: asking says why.
		source.addEventListener("end", broken);
		source.onerror = broken;
	};

	const broken = () => {
		source.close();
		clearTimeout(timers.retry);
		timers.retry = setTimeout(connect, RETRY_AFTER);
		if (asking) return;
		asking = true;
		void ask();
	};

	const ask = async () => {
		const since = new Date(asked - LOOK_BACK).toISOString();
		const now = Date.now();
		try {
			const { data } = await listLogRecords({
				query: { ...filters, since, limit: AT_ONCE },
				signal: stop.signal,
				throwOnError: true,
			});
			if (!asking) return;
			asked = now;
			// How many more there are is not told: at least one.
			take(data.items, data.next === null ? 0 : 1);
			onWay("asking");
		} catch {
			if (stop.signal.aborted || !asking) return;
			onWay("broken");
		}
		timers.ask = setTimeout(ask, POLL_EVERY);
	};

	connect();
	return {
		stop: () => {
			stop.abort();
			source.close();
			for (const timer of Object.values(timers)) clearTimeout(timer);
		},
	};
}
