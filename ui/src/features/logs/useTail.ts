import { useEffect, useRef, useState } from "react";
import { listLogRecords } from "@/api/generated/sdk.gen";
import type { LogRecordOut } from "@/api/generated/types.gen";
import { filtersOf, type LogsSearch } from "./search";

const EVERY = 2_000;
/** Processes write in batches, and their clocks differ: what is a little older may still arrive. */
const LOOK_BACK = 8_000;
const AT_ONCE = 500;
const KEPT = 2_000;

type Tail = {
	/** Lines that came since it was switched on, newest first. */
	lines: LogRecordOut[];
	/** Lines that came while it was held. */
	held: number;
	/** More came at once than can be shown. */
	skipped: boolean;
	broken: boolean;
	release: () => void;
};

/** Follows a search: new lines as they are written. While `hold` is on they are kept back and counted. */
export function useTail(search: LogsSearch, hold: boolean): Tail {
	const on = search.live === "on" && !search.since;
	const filters = JSON.stringify(filtersOf(search));
	const [shown, setShown] = useState<LogRecordOut[]>([]);
	const [waiting, setWaiting] = useState<LogRecordOut[]>([]);
	const [skipped, setSkipped] = useState(false);
	const [broken, setBroken] = useState(false);
	const holding = useRef(hold);
	holding.current = hold;

	useEffect(() => {
		setShown([]);
		setWaiting([]);
		setSkipped(false);
		setBroken(false);
		if (!on) return;
		const stop = new AbortController();
		const seen = new Set<string>();
		let since = Date.now();
		let timer: ReturnType<typeof setTimeout>;
		const look = async () => {
			try {
				const asked = Date.now();
				const query = {
					...(JSON.parse(filters) as object),
					since: new Date(since - LOOK_BACK).toISOString(),
					limit: AT_ONCE,
				};
				const { data } = await listLogRecords({ query, signal: stop.signal, throwOnError: true });
				const fresh = data.items.filter(({ id }) => !seen.has(id));
				for (const { id } of fresh) seen.add(id);
				if (data.next !== null) setSkipped(true);
				if (fresh.length > 0) {
					const add = (old: LogRecordOut[]) => inOrder([...fresh, ...old]).slice(0, KEPT);
					if (holding.current) setWaiting(add);
					else setShown(add);
				}
				since = asked;
				setBroken(false);
			} catch {
				if (stop.signal.aborted) return;
				setBroken(true);
			}
			timer = setTimeout(look, EVERY);
		};
		void look();
		return () => {
			stop.abort();
			clearTimeout(timer);
		};
	}, [on, filters]);

	const release = () => {
		setShown((old) => inOrder([...waiting, ...old]).slice(0, KEPT));
		setWaiting([]);
	};
	return { lines: shown, held: waiting.length, skipped, broken, release };
}

/** Newest first; the identifiers of lines sort by time. */
function inOrder(lines: LogRecordOut[]): LogRecordOut[] {
	return lines.sort((one, other) => (one.id < other.id ? 1 : -1));
}
