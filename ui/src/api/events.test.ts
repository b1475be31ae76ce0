import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { concerns, type LiveEvent, LiveEvents } from "./events";

class FakeSource {
	static all: FakeSource[] = [];
	onopen?: () => void;
	onmessage?: (message: { data: string }) => void;
	onerror?: () => void;
	closed = false;
	constructor(readonly url: string) {
		FakeSource.all.push(this);
	}
	close() {
		this.closed = true;
	}
	say(id: number, topic: string, key: string) {
		this.onmessage?.({ data: JSON.stringify({ id, topic, key }) });
	}
}

const fetched = vi.fn<(address: string) => Promise<Response>>();
const missed = (items: LiveEvent[], last: number, complete = true) =>
	Response.json({ items, last, complete });
const newest = () => FakeSource.all.at(-1) as FakeSource;
let events: LiveEvents;
let queries: QueryClient;
let asked: number;

beforeEach(() => {
	vi.useFakeTimers();
	FakeSource.all = [];
	fetched.mockReset().mockImplementation(async () => missed([], 0));
	vi.stubGlobal("EventSource", FakeSource);
	vi.stubGlobal("fetch", fetched);
	queries = new QueryClient();
	asked = 0;
	vi.spyOn(queries, "invalidateQueries").mockImplementation(async () => {
		asked += 1;
	});
	events = new LiveEvents(queries);
	events.start();
});
afterEach(() => {
	events.stop();
	vi.useRealTimers();
});

test.each([
	["feeds", "1", { _id: "listFeeds" }, true],
	["feeds", "1", { _id: "getFeed", path: { feed_id: "1" } }, true],
	["feeds", "1", { _id: "getFeed", path: { feed_id: "2" } }, false],
	["feeds", "1", { _id: "listBrands" }, false],
	["alerts", "1", { _id: "listAlerts" }, true],
	["alerts", "1", { _id: "listIncidents", path: { alert_id: "1" } }, true],
	["mentions", "1", { _id: "listStories" }, true],
	["unheard-of", "1", { _id: "listStories" }, false],
])("an event about %s %s and the query %o: %s", (topic, key, query, expected) => {
	expect(concerns({ id: 1, topic, key }, { queryKey: [query] })).toBe(expected);
});

test("the first stream begins where the session was asked, so that nothing falls between a page and its stream", () => {
	expect(newest().url).toBe("/api/events");
	const asked = new LiveEvents(queries);
	asked.start(17);
	expect(newest().url).toBe("/api/events?since=17");
	newest().onopen?.();
	expect(fetched).not.toHaveBeenCalled();
	asked.stop();
});

test("a burst of events asks four times a second at most", () => {
	newest().onopen?.();
	for (let id = 0; id < 100; id += 1) {
		newest().say(id, "runs", "r");
		vi.advanceTimersByTime(10);
	}
	vi.advanceTimersByTime(250);
	expect(asked).toBeLessThanOrEqual(5);
	expect(asked).toBeGreaterThan(0);
});

test("a broken stream says so, polls for what was missed, and comes back", async () => {
	newest().onopen?.();
	newest().say(41, "runs", "r");
	newest().onerror?.();
	expect(events.connection).toBe("reconnecting");
	for (let turn = 0; turn < 4; turn += 1) {
		await vi.advanceTimersByTimeAsync(1_500);
		if (!newest().closed) newest().onerror?.();
	}
	expect(fetched).toHaveBeenCalledWith("/api/events/since?after=41");
	await vi.advanceTimersByTimeAsync(30_000);
	newest().onopen?.();
	expect(events.connection).toBe("live");
	fetched.mockClear();
	await vi.advanceTimersByTimeAsync(60_000);
	expect(fetched).not.toHaveBeenCalled();
});

test("where streams never pass, the screen is asked for once, and then only what changed", async () => {
	const change = { id: 8, topic: "runs", key: "r" };
	fetched.mockImplementation(async (address) =>
		address.endsWith("after=7") ? missed([change], 8) : missed([], address.endsWith("after=8") ? 8 : 7),
	);
	for (let turn = 0; turn < 40; turn += 1) {
		if (!newest().closed) newest().onerror?.();
		await vi.advanceTimersByTimeAsync(1_000);
	}
	expect(fetched.mock.calls.map(([address]) => address)).toEqual([
		"/api/events/since",
		"/api/events/since?after=7",
		...Array(7).fill("/api/events/since?after=8"),
	]);
	expect(asked).toBe(2);
});

test("what the server cannot tell any more is asked for as a whole, once", async () => {
	newest().onopen?.();
	newest().say(900, "runs", "r");
	await vi.advanceTimersByTimeAsync(250);
	expect(asked).toBe(1);
	fetched.mockImplementation(async (address) => missed([], 20, !address.endsWith("after=900")));
	newest().onerror?.();
	await vi.advanceTimersByTimeAsync(1_000);
	newest().onopen?.();
	await vi.advanceTimersByTimeAsync(250);
	expect(asked).toBe(2);
	newest().onerror?.();
	await vi.advanceTimersByTimeAsync(5_500);
	expect(fetched).toHaveBeenLastCalledWith("/api/events/since?after=20");
	expect(asked).toBe(2);
});

test("more changes than one answer holds are all taken", async () => {
	newest().onopen?.();
	newest().say(1, "runs", "r");
	fetched.mockImplementation(async (address) => {
		const after = Number(address.split("=")[1]);
		return missed(after < 4 ? [{ id: after + 1, topic: "runs", key: "r" }] : [], Math.min(after + 1, 4));
	});
	newest().onerror?.();
	await vi.advanceTimersByTimeAsync(1_000);
	newest().onopen?.();
	await vi.advanceTimersByTimeAsync(250);
	expect(fetched).toHaveBeenLastCalledWith("/api/events/since?after=4");
});

test("a tab hidden for a minute lets go of its connection and takes it up again when seen", () => {
	newest().onopen?.();
	const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
	document.dispatchEvent(new Event("visibilitychange"));
	vi.advanceTimersByTime(59_000);
	expect(newest().closed).toBe(false);
	vi.advanceTimersByTime(2_000);
	expect(newest().closed).toBe(true);
	hidden.mockReturnValue(false);
	document.dispatchEvent(new Event("visibilitychange"));
	expect(FakeSource.all).toHaveLength(2);
	expect(newest().closed).toBe(false);
});
