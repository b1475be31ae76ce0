import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LogRecordOut } from "@/api/generated/types.gen";
import { follow, joined, KEPT, type News, type Way } from "./useTail";

class FakeSource {
	static all: FakeSource[] = [];
	onopen?: () => void;
	onerror?: () => void;
	closed = false;
	private heard: Record<string, (message: { data: string }) => void> = {};
	constructor(readonly url: string) {
		FakeSource.all.push(this);
	}
	addEventListener(kind: string, listener: (message: { data: string }) => void) {
		this.heard[kind] = listener;
	}
	close() {
		this.closed = true;
	}
	say(kind: string, data: unknown) {
		this.heard[kind]?.({ data: JSON.stringify(data) });
	}
}

const line = (id: string) => ({ id, text: `line ${id}` }) as LogRecordOut;
const newest = () => FakeSource.all.at(-1) as FakeSource;
const fetched = vi.fn<(request: Request) => Promise<Response>>();
let ways: Way[];
let came: string[];
let skipped: number;
let following: { stop: () => void };

beforeEach(() => {
	vi.useFakeTimers();
	FakeSource.all = [];
	ways = [];
	came = [];
	skipped = 0;
	fetched.mockReset().mockImplementation(async () => Response.json({ items: [], next: null }));
	vi.stubGlobal("EventSource", FakeSource);
	vi.stubGlobal("fetch", fetched);
	following = follow(
		{ level: "warning", q: "fetched" },
		(way) => ways.push(way),
		(news) => {
			came.push(...news.lines.map(({ id }) => id));
			skipped += news.skipped;
		},
	);
});
afterEach(() => {
	following.stop();
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

test("lines of the search come by the stream, once, four times a second at most", async () => {
	expect(newest().url).toBe("/api/logs/stream?level=warning&q=fetched");
	newest().onopen?.();
	for (const id of ["1", "2", "2", "3"]) newest().say("line", line(id));
	newest().say("skipped", { lines: 40 });
	expect(came).toEqual([]);
	await vi.advanceTimersByTimeAsync(250);
	expect([came, skipped, ways]).toEqual([["1", "2", "3"], 40, ["stream"]]);
	expect(fetched).not.toHaveBeenCalled();
});

test("while the stream is broken it is asked, and the stream is tried again", async () => {
	newest().onopen?.();
	newest().say("line", line("1"));
	fetched.mockImplementation(async () => Response.json({ items: [line("2"), line("1")], next: null }));
	newest().onerror?.();
	await vi.advanceTimersByTimeAsync(2_500);
	expect(fetched).toHaveBeenCalledTimes(2);
	expect(came).toEqual(["1", "2"]);
	expect(ways.at(-1)).toBe("asking");
	await vi.advanceTimersByTimeAsync(15_000);
	expect(FakeSource.all).toHaveLength(2);
	newest().onopen?.();
	expect(ways.at(-1)).toBe("stream");
	const asked = fetched.mock.calls.length;
	await vi.advanceTimersByTimeAsync(10_000);
	expect(fetched.mock.calls.length).toBe(asked);
});

test("a server that cannot be reached is said to be so, and is asked again", async () => {
	fetched.mockImplementation(async () => {
		throw new TypeError("away");
	});
	newest().say("end", {});
	await vi.advanceTimersByTimeAsync(2_500);
	expect(newest().closed).toBe(true);
	expect(ways.at(-1)).toBe("broken");
	expect(fetched.mock.calls.length).toBeGreaterThan(1);
});

test("what does not fit any more is counted", () => {
	const many = (from: number, number: number): News => ({
		lines: Array.from({ length: number }, (_, at) => line(String(from + at).padStart(6, "0"))),
		skipped: 0,
	});
	const both = joined(many(10, 50), many(100, KEPT));
	expect([both.lines.length, both.skipped]).toEqual([KEPT, 50]);
	expect(both.lines[0]?.id).toBe(String(100 + KEPT - 1).padStart(6, "0"));
});
