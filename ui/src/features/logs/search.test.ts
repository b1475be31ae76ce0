import { describe, expect, it } from "vitest";
import { withGaps } from "./Histogram";
import { emptySearch, filtersOf, isNarrowed, parseSearch, savedOf, windowOf } from "./search";

describe("the address of a search", () => {
	it("keeps what makes sense and leaves out the rest", () => {
		expect(
			parseSearch({
				q: "timeout",
				level: "loud",
				process: "web",
				span: "7d",
				run_id: "",
				request_id: 12345678,
				x: 1,
			}),
		).toEqual({ q: "timeout", process: "web", span: "7d", request_id: "12345678" });
		expect(parseSearch({ level: "error", scope: "everything", live: "on", line: "a" })).toEqual({
			level: "error",
			live: "on",
			line: "a",
		});
	});

	it("is saved without the open line, and brought back whole", () => {
		const search = parseSearch({ q: "x", level: "error", span: "1d", line: "a", live: "on" });
		const saved = savedOf(search);
		expect(saved).toEqual({ q: "x", level: "error", span: "1d" });
		expect({ ...emptySearch(), ...parseSearch(saved) }).toMatchObject({
			q: "x",
			line: undefined,
			live: undefined,
		});
	});
});

describe("what is asked of the server", () => {
	const now = Date.parse("2026-11-02T08:00:00Z");

	it("names a time: the last hour, so long back, or two moments", () => {
		expect(windowOf({}, now)).toEqual({ since: "2026-11-02T07:00:00.000Z" });
		expect(windowOf({ span: "1d" }, now)).toEqual({ since: "2026-11-01T08:00:00.000Z" });
		expect(windowOf({ since: "a", until: "b", span: "1d" }, now)).toEqual({ since: "a", until: "b" });
	});

	it("has the filters that are set, and knows whether there are any", () => {
		expect(filtersOf({ q: "x", span: "1d", live: "on" })).toEqual({ q: "x" });
		expect(isNarrowed({ scope: "installation", span: "1d" })).toBe(false);
		expect(isNarrowed({ logger: "brandhound.web" })).toBe(true);
	});
});

it("a histogram has a bar for each span, also where nothing was said", () => {
	const bars = withGaps({
		since: "2026-11-02T08:00:00Z",
		until: "2026-11-02T08:03:00Z",
		bucket_seconds: 60,
		complete: true,
		buckets: [{ at: "2026-11-02T08:01:00Z", info: 2, error: 1 }],
	});
	expect(bars.map(({ info, error, debug }) => [info, error, debug])).toEqual([
		[0, 0, 0],
		[2, 1, 0],
		[0, 0, 0],
	]);
});
