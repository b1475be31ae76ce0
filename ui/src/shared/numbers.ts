const percents = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });
const counts = new Intl.NumberFormat("en");

export const percent = (share: number): string => percents.format(share).replace("%", " %");
export const count = (number: number): string => counts.format(number);

/** 1, "article" → "1 article"; 3 → "3 articles" */
export function plural(number: number, one: string, many = `${one}s`): string {
	return `${count(number)} ${number === 1 ? one : many}`;
}

/** "partly done" → "Partly done" */
export const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
