/** What the address of the screen Ads holds. In a file of its own, so that reading an address does not load the screen. */
export type AdsSearch = {
	/** The ad that is open. */
	ad?: string;
	/** Another panel: the metrics of one's own, saved views, the naming of ads, or the rates between currencies. */
	panel?: "metrics" | "views" | "naming" | "rates";
	/** Days: 7, 14, 28 (by default) or 90. */
	window?: string;
	/** `preset:NAME`, or columns with commas between. */
	columns?: string;
	/** A column; `-` before it for the largest first. */
	sort?: string;
	brand?: string;
	account?: string;
	currency?: string;
	/** The currency that money is shown in; without it each account's own. */
	in?: string;
	status?: string;
	health?: string;
	rule?: string;
	/** The page that ads lead to. */
	page?: string;
	/** `page`: a row a page instead of a row an ad. */
	by?: string;
	q?: string;
};

export const SEARCHED = [
	"ad",
	"panel",
	"window",
	"columns",
	"sort",
	"brand",
	"account",
	"currency",
	"in",
	"status",
	"health",
	"rule",
	"page",
	"by",
	"q",
] as const;
