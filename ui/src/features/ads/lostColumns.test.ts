import { expect, test } from "vitest";
import { withoutLost } from "./lostColumns";

const metrics = [{ name: "spend" }, { name: "ctr" }];

test("a column that somebody removed is left out, and the order by it", () => {
	expect(withoutLost({ columns: "spend,per_cart,ctr", sort: "-per_cart", q: "tea" }, metrics)).toEqual({
		search: { columns: "spend,ctr", sort: undefined, q: "tea" },
		lost: ["per_cart"],
	});
	expect(withoutLost({ columns: "per_cart" }, metrics)).toEqual({
		search: { columns: undefined, sort: undefined },
		lost: ["per_cart"],
	});
	expect(withoutLost({ columns: "preset:video", sort: "per_cart" }, metrics).search).toEqual({
		columns: "preset:video",
		sort: undefined,
	});
	expect(withoutLost({ columns: "preset:nothing" }, metrics).search).toEqual({ columns: undefined });
});

test("what is there stays as it is", () => {
	for (const search of [
		{},
		{ columns: "spend,ctr", sort: "-ctr" },
		{ columns: "preset:video", sort: "name" },
		{ by: "page", sort: "-ads" },
	])
		expect(withoutLost(search, metrics)).toEqual({ search, lost: [] });
	// Nothing is known yet: nothing is lost.
	expect(withoutLost({ columns: "per_cart" }, undefined)).toEqual({
		search: { columns: "per_cart" },
		lost: [],
	});
});
