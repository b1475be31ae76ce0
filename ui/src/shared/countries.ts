const NAMES = new Intl.DisplayNames(["en"], { type: "region" });
const SHOWN = 3;

/** Where the catalogue knows a brand: "001" is the world, "us-tx.geojson" a part of a country, "fx" France without its islands. */
export function whereInWords(where: readonly string[]): string {
	if (where.includes("001")) return "Worldwide";
	const names = [...new Set(where.map(nameOf))];
	const more = names.length - SHOWN;
	return names.slice(0, SHOWN).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function nameOf(code: string): string {
	const region = /^\d/.test(code) ? code : code.slice(0, 2).toUpperCase();
	return NAMES.of(region === "FX" ? "FR" : region) ?? region;
}
