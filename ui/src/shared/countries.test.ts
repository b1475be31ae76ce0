import { expect, test } from "vitest";
import { whereInWords } from "./countries";

test.each([
	[["001"], "Worldwide"],
	[["au"], "Australia"],
	[["us-tx.geojson", "us-ca.geojson", "ca"], "United States, Canada"],
	[["fx", "150"], "France, Europe"],
	[["ae", "bh", "eg", "kw", "mx"], "United Arab Emirates, Bahrain, Egypt and 2 more"],
	[[], ""],
])("where a brand is reads as names of countries: %s", (where, words) => {
	expect(whereInWords(where)).toBe(words);
});
