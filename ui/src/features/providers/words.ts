import type { BreakerOut, LimitOut, ProviderRules } from "@/api/generated/types.gen";
import { count, plural } from "@/shared/numbers";
import { duration, moment } from "@/shared/time";

/** What the service is, in one line under its name. */
export function nameOf({ model, key_fingerprint }: Pick<BreakerOut, "model" | "key_fingerprint">): string {
	const [known, address] = key_fingerprint.split("@");
	const key = known ? `key ${known.slice(0, 6)}` : "without a key";
	const at = address && `address ${address.slice(0, 6)}`;
	return [model, key, at].filter(Boolean).join(", ");
}

/** When it is tried next, and by whom. */
export function nextTry({ state, next_try_at }: Pick<BreakerOut, "state" | "next_try_at">): string {
	if (state === "closed") return "–";
	if (state === "half_open") return "Now";
	if (next_try_at === null) return "When you say so";
	return new Date(next_try_at).getTime() <= Date.now() ? "With the next call" : moment(next_try_at);
}

/** "18 of 60 requests a minute", "2 of 8 at the same time" */
export function limitText({ metric, most, used, window_seconds }: LimitOut): string {
	const amount = `${count(used)} of ${count(most)}`;
	if (metric === "concurrency") return `${amount} at the same time`;
	const spans: Record<number, string> = { 60: "a minute", 3600: "an hour", 86400: "a day" };
	return `${amount} ${metric} ${spans[window_seconds] ?? `in ${duration(window_seconds)}`}`;
}

/** The rules as a form holds them: an empty field is one that was not set. */
export type RuleValues = {
	requests_a_minute: number | "";
	requests_a_day: number | "";
	calls_at_once: number | "";
	retry_percent: number | "";
	retries_at_least: number | "";
};

export function valuesOf(rules: ProviderRules): RuleValues {
	return {
		requests_a_minute: rules.requests_a_minute ?? "",
		requests_a_day: rules.requests_a_day ?? "",
		calls_at_once: rules.calls_at_once ?? "",
		retry_percent: rules.retry_share == null ? "" : Math.round(rules.retry_share * 1000) / 10,
		retries_at_least: rules.retries_at_least ?? "",
	};
}

export function rulesOf(values: RuleValues): ProviderRules {
	const given = (value: number | "") => (value === "" ? null : value);
	return {
		requests_a_minute: given(values.requests_a_minute),
		requests_a_day: given(values.requests_a_day),
		calls_at_once: given(values.calls_at_once),
		retry_share: values.retry_percent === "" ? null : values.retry_percent / 100,
		retries_at_least: given(values.retries_at_least),
	};
}

export function callsText({ calls, failures }: { calls: number; failures: number }): string {
	if (calls === 0) return "None";
	return failures > 0 ? `${count(calls)}, ${count(failures)} failed` : count(calls);
}

export const runsThatWait = (parked: number): string =>
	`${plural(parked, "run")} ${parked === 1 ? "waits" : "wait"}`;
