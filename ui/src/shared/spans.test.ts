import { expect, test } from "vitest";
import { pieces } from "./spans";

const cut = (text: string, ...spans: [number, number][]) =>
	pieces(
		text,
		spans.map(([start, end]) => ({ start, end, of: true })),
	).map(({ text, of }) => (of ? `[${text}]` : text));

test.each([
	["nothing marked", "Acme wins", [], ["Acme wins"]],
	[
		"at both ends",
		"Acme and Acme",
		[
			[0, 4],
			[9, 13],
		],
		["[Acme]", " and ", "[Acme]"],
	],
	["after an emoji, counted as one character", "🦊🦊 Acme", [[3, 7]], ["🦊🦊 ", "[Acme]"]],
	[
		"overlapping: the earlier one wins",
		"Acme Corp",
		[
			[0, 9],
			[5, 9],
		],
		["[Acme Corp]"],
	],
	["outside the text", "Acme", [[9, 12]], ["Acme"]],
	["an empty text", "", [[0, 1]], []],
] as [string, string, [number, number][], string[]][])("%s", (_, text, spans, expected) => {
	expect(cut(text, ...spans)).toEqual(expected);
});
