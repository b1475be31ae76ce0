const percents = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });
const counts = new Intl.NumberFormat("en");

/** A share as whole percent: what is not nothing is never shown as nothing, and what is not all never as all. */
export function percent(share: number): string {
	const whole = Math.round(share * 100);
	if (whole === 0 && share > 0) return "< 1 %";
	if (whole === 100 && share < 1) return "> 99 %";
	return percents.format(share).replace("%", " %");
}

/** How sure a judgement is: never the certainty that a machine cannot have. */
export const sureness = (probability: number): string => percent(Math.min(probability, 0.9999));
export const count = (number: number): string => counts.format(number);

/** 1, "article" → "1 article"; 3 → "3 articles" */
export function plural(number: number, one: string, many = `${one}s`): string {
	return `${count(number)} ${number === 1 ? one : many}`;
}

/** "Every Wednesday at 8:00" → "every Wednesday at 8:00"; "Mondays at 8:00" stays */
export const uncapital = (words: string): string =>
	/^(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day/.test(words)
		? words
		: words.charAt(0).toLowerCase() + words.slice(1);

/** "partly done" → "Partly done" */
export const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
