const KEY = /^[a-z_]+(\/[a-z_]+)+$/;
const WORDS = /^[A-Z][a-z ]*( · [A-Z][a-z ]*)+$/;

/** "shop/fast_food", as the catalogue has it → "Shop · Fast food"; other categories stay as they were written. */
export function categoryInWords(category: string): string {
	if (!KEY.test(category)) return category;
	return category
		.split("/")
		.map((part) => part.charAt(0).toUpperCase() + part.slice(1).replaceAll("_", " "))
		.join(" · ");
}

/** Back again: what the server knows it as. */
export function categoryKey(words: string): string {
	if (!WORDS.test(words.trim())) return words;
	return words.trim().toLowerCase().replaceAll(" · ", "/").replaceAll(" ", "_");
}
