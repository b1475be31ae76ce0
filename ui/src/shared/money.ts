const dollars = new Intl.NumberFormat("en", { style: "currency", currency: "USD" });
const precise = new Intl.NumberFormat("en", {
	style: "currency",
	currency: "USD",
	minimumFractionDigits: 2,
	maximumSignificantDigits: 3,
});
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** Millionths of a dollar → "$1.20"; what is less than a cent keeps its first digits, and is never shown as nothing. */
export function money(micros: number): string {
	const value = micros / 1_000_000;
	return value !== 0 && Math.abs(value) < 0.1 ? precise.format(value) : dollars.format(value);
}

/** 1234567 → "1.2M tokens" */
export const tokens = (number: number): string =>
	`${short.format(number)} ${number === 1 ? "token" : "tokens"}`;

/** What somebody typed as dollars, in millionths; undefined where it is no amount. */
export function fromDollars(typed: number | string): number | undefined {
	const value = typeof typed === "number" ? typed : typed.trim() === "" ? Number.NaN : Number(typed);
	return Number.isFinite(value) && value >= 0 ? Math.round(value * 1_000_000) : undefined;
}

/** "$0.25 in, $2.00 out per million tokens" */
export function priceText(price: { input: number; output: number } | null): string {
	return price
		? `${money(price.input)} read, ${money(price.output)} written, per million tokens`
		: "Price not known: its cost stays unknown, and tokens alone hold it";
}
