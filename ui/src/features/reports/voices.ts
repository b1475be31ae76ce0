import type { Range as Days } from "@/api/generated/types.gen";

type Search = { brand: string; range: string; q?: string };

/** Which stories a figure was counted from: those of its brand, its day or its outlet. */
export function storiesBehind(
	figure: string,
	subject: string,
	days: Pick<Days, "since_on" | "until_on">,
): Search {
	const whole = { brand: subject, range: `${days.since_on}..${days.until_on}` };
	const [kind, first = "", second] = figure.split(":");
	if (kind === "volume") return { brand: second ?? subject, range: `${first}..${first}` };
	if (kind === "brand") return { ...whole, brand: first };
	// An outlet may have a colon in its name.
	if (kind === "outlet") return { ...whole, q: figure.slice("outlet:".length) };
	return whole;
}
