import { expect, test } from "vitest";
import { categoryInWords, categoryKey } from "./categories";

test("a category of the catalogue reads as words and keeps its key", () => {
	expect(categoryInWords("amenity/fast_food")).toBe("Amenity · Fast food");
	expect(categoryKey("Amenity · Fast food")).toBe("amenity/fast_food");
});

test.each(["", "E-bikes", "Cafés", "Food & drink", "B2B/SaaS"])("one's own stays as written: %s", (own) => {
	expect(categoryInWords(own)).toBe(own);
	expect(categoryKey(own)).toBe(own);
});
