import type { Figure } from "@/api/generated/types.gen";
import { count, percent } from "@/shared/numbers";

const signed = (value: number, digits: number) =>
	`${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(digits)}`;

/** The number as it is shown; "not enough evidence" is an answer too. */
export function shown({ value, unit }: Pick<Figure, "value" | "unit">): string {
	if (value === null) return "–";
	if (unit === "count") return count(value);
	return unit === "share" ? percent(value) : signed(value, 2);
}

/** "50 % to 62 %", where there is an interval. */
export function interval({ interval, unit }: Pick<Figure, "interval" | "unit">): string | undefined {
	if (!interval) return undefined;
	return `${shown({ value: interval.low, unit })} to ${shown({ value: interval.high, unit })}`;
}

/** "+23 %", "+6 pt", "−0.04": how it stands to the range before. */
export function changed({ change, unit }: Pick<Figure, "change" | "unit">): string | undefined {
	if (change === null || change === undefined) return undefined;
	if (unit === "count") return `${signed(change * 100, 0)} %`;
	return unit === "share" ? `${signed(change * 100, 0)} pt` : signed(change, 2);
}
