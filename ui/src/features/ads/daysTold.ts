import type { AdPage } from "@/api/generated/types.gen";
import { day } from "@/shared/time";

const A_DAY = 86_400_000;

/** Of which days and in whose currency what is shown of ads is. */
export function daysTold(
	page: Pick<AdPage, "until" | "until_first" | "shown_in" | "window_days"> | undefined,
): string {
	if (!page?.until) return "What ads cost, what came of it, and how sure that is";
	const { until, until_first: first, window_days: days } = page;
	// One day apart is a zone further east; more is an account of which nothing new is known.
	if (first && Date.parse(until) - Date.parse(first) > A_DAY)
		return `${days} days of each account up to its own last one, ${day(first)} to ${day(until)}`;
	const whose = page.shown_in ? "days of each account" : "days and currency of each account";
	return `${days} days up to ${day(until)}, ${whose}`;
}
