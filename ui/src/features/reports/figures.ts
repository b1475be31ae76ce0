import type { Figure } from "@/api/generated/types.gen";
import { count, percent } from "@/shared/numbers";
import type { Cell } from "@/shared/TwinTable";

const sign = (value: number) => (value > 0 ? "+" : value < 0 ? "−" : "");
/** What is nothing once it is rounded has no sign: as in the PDF. */
const signed = (value: number, digits: number) => {
	const rounded = Number(value.toFixed(digits));
	return `${sign(rounded)}${Math.abs(rounded).toFixed(digits)}`;
};
const signedCount = (value: number) => `${sign(Math.round(value))}${count(Math.abs(Math.round(value)))}`;

/** Under this many observations a percentage says more about chance than about a brand: as in the PDF. */
const enough = 20;

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

/** "+23 %", "+6 pt", "−0.04", of few "+3", of none "new": how it stands to the range before. */
export function changed({
	change,
	unit,
	value,
	before,
}: Pick<Figure, "change" | "unit" | "value" | "before">): string | undefined {
	if (unit === "count" && before === 0 && value) return "new";
	if (change === null || change === undefined) return undefined;
	if (unit === "share") return `${signed(change * 100, 0)} pt`;
	if (unit === "balance") return signed(change, 2);
	const few = value !== null && before !== null && before !== undefined && before < enough;
	return few ? signedCount(value - before) : `${signedCount(change * 100)} %`;
}

/** How far two values of one unit are apart: "+27", "−6 pt", "+0.12". */
export function difference(value: number | null, unit: Figure["unit"]): string {
	if (value === null) return "–";
	if (unit === "count") return signedCount(value);
	return unit === "share" ? `${signed(value * 100, 0)} pt` : signed(value, 2);
}

/** A figure as a cell: rounded for a spreadsheet, in words for a person. */
export function figureCell({ value, unit }: Pick<Figure, "value" | "unit">): Cell {
	return { value: value === null ? "" : Number(value.toFixed(4)), shown: shown({ value, unit }) };
}
