import { expect, it } from "vitest";
import { weighedElsewhere } from "./MentionCard";

const place = (field: "title" | "text", start: number, surest = false) => ({
	field,
	start,
	end: start + 6,
	surface: "Tallow",
	sentence_start: start,
	sentence_end: start + 30,
	surest,
});
const quoted = (text: string, start: number) => ({
	text,
	field: "text" as const,
	start,
	end: start + text.length,
});
const voice = (text: string, start: number) => ({
	quoted: false,
	speaker: "",
	tone: "neutral" as const,
	confidence: 0.8,
	quote: quoted(text, start),
});
const mention = { title: "Why Tallow Did Not Pay", reasons: [], tone_reasons: [], voices: [] };

it("says which sentence the reasons are about where another one is quoted", () => {
	const quote = quoted("Tallow was silent on Monday.", 100);
	const evidence = [place("title", 4, true), place("text", 100)];
	expect(weighedElsewhere({ ...mention, quote, evidence })).toBe("Told by “Why Tallow Did Not Pay”");
	const voices = [voice("Later, Tallow did answer.", 300)];
	const later = [place("text", 100), place("text", 307, true)];
	expect(weighedElsewhere({ ...mention, quote, evidence: later, voices })).toBe(
		"Told by “Later, Tallow did answer.”",
	);
	expect(weighedElsewhere({ ...mention, quote, evidence: later })).toBe(
		"Told by another sentence of the article",
	);
});

it("says nothing where the quoted sentence is that one, or where it is not known", () => {
	const quote = quoted("Tallow was silent on Monday.", 100);
	expect(weighedElsewhere({ ...mention, quote, evidence: [place("text", 100, true)] })).toBeNull();
	expect(
		weighedElsewhere({ ...mention, quote, evidence: [place("title", 4), place("text", 100)] }),
	).toBeNull();
	expect(weighedElsewhere({ ...mention, quote: null, evidence: [place("title", 4, true)] })).toBeNull();
});
