import { expect, test } from "vitest";
import { callsText, limitText, nameOf, nextTry, rulesOf, runsThatWait, valuesOf } from "./words";

test.each([
	[{ model: "gpt-x", key_fingerprint: "0123456789abcdef" }, "gpt-x, key 012345"],
	[{ model: "", key_fingerprint: "0123456789abcdef" }, "key 012345"],
	[{ model: "llama", key_fingerprint: "" }, "llama, without a key"],
	[{ model: "llama", key_fingerprint: "@fedcba98" }, "llama, without a key, address fedcba"],
	[{ model: "llama", key_fingerprint: "0123456789abcdef@fedcba98" }, "llama, key 012345, address fedcba"],
])("%o is called %s", (service, name) => expect(nameOf(service)).toBe(name));

test("one that only a person can open says so", () => {
	expect(nextTry({ state: "open", next_try_at: null })).toBe("When you say so");
	expect(nextTry({ state: "open", next_try_at: "2020-01-01T00:00:00Z" })).toBe("With the next call");
	expect(nextTry({ state: "half_open", next_try_at: null })).toBe("Now");
	expect(nextTry({ state: "closed", next_try_at: null })).toBe("–");
});

test.each([
	["requests", 60, "18 of 60 requests a minute"],
	["tokens", 86400, "18 of 60 tokens a day"],
	["requests", 600, "18 of 60 requests in 10 min"],
	["concurrency", 0, "18 of 60 at the same time"],
] as const)("a limit of %s in %i s is told as %s", (metric, window_seconds, text) =>
	expect(limitText({ metric, most: 60, used: 18, window_seconds, source: "default" })).toBe(text),
);

test("rules that were not set stay so, and a share is told in percent", () => {
	const rules = { requests_a_minute: 60, retry_share: 0.125, retries_at_least: 0 };
	expect(valuesOf(rules)).toEqual({
		requests_a_minute: 60,
		requests_a_day: "",
		calls_at_once: "",
		retry_percent: 12.5,
		retries_at_least: 0,
	});
	expect(rulesOf(valuesOf(rules))).toEqual({ ...rules, requests_a_day: null, calls_at_once: null });
});

test("calls and runs are counted in words", () => {
	expect(callsText({ calls: 0, failures: 0 })).toBe("None");
	expect(callsText({ calls: 20, failures: 0 })).toBe("20");
	expect(callsText({ calls: 20, failures: 11 })).toBe("20, 11 failed");
	expect(runsThatWait(1)).toBe("1 run waits");
	expect(runsThatWait(3)).toBe("3 runs wait");
});
