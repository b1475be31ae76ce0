import { expect, test } from "vitest";
import { isShown, queryOf } from "./savedView";

test("a view keeps filters, order and columns, and not what is open", () => {
	expect(queryOf({ ad: "1", panel: "views", q: "tea", sort: undefined, window: "7" })).toEqual({
		q: "tea",
		window: "7",
	});
});

test("a view is shown while nothing of it was changed", () => {
	expect(isShown({ q: "tea", window: "7" }, { window: "7", q: "tea", ad: "1" })).toBe(true);
	expect(isShown({ q: "tea" }, { window: "7", q: "tea" })).toBe(false);
	expect(isShown({ q: "tea", window: "7" }, { q: "tea" })).toBe(false);
	expect(isShown({}, {})).toBe(true);
});
