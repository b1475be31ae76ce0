import { describe, expect, it } from "vitest";
import { type Block, inShort, moved, placed, plain, SORTS } from "./blocks";

const kinds = (rows: Block[]) => rows.map(({ kind }) => kind);
const rows = placed([{ kind: "title" }, { kind: "figures" }, { kind: "care" }, { kind: "page_break" }]);

describe("blocks of a template", () => {
	it("move up and down, and never above the title", () => {
		expect(kinds(plain(moved(rows, 3, 1)))).toEqual(["title", "page_break", "figures", "care"]);
		expect(kinds(plain(moved(rows, 1, 3)))).toEqual(["title", "care", "page_break", "figures"]);
		expect(kinds(plain(moved(rows, 2, 0)))).toEqual(["title", "care", "figures", "page_break"]);
		expect(kinds(plain(moved(rows, 0, 2)))).toEqual(["title", "figures", "care", "page_break"]);
		expect(kinds(plain(moved(rows, 3, 9)))).toEqual(["title", "figures", "care", "page_break"]);
	});

	it("say in a few words what they tell", () => {
		expect(inShort({ kind: "title", text: "" })).toBe("Written for you: who, and what moved");
		expect(
			inShort({ kind: "mention_list", most: 4, whose: "competitors", tones: ["negative"], copies: false }),
		).toBe("at most 4, of competitors, negative, without copies");
	});

	it("can each be added once they are made", () => {
		for (const { kind, make } of SORTS) expect(make().kind).toBe(kind);
	});
});
