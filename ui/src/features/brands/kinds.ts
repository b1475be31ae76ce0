import type { NameIn, NewBrand } from "@/api/generated/types.gen";

export const KINDS: { value: NonNullable<NewBrand["kind"]>; label: string; color: string }[] = [
	{ value: "own", label: "Own", color: "iris" },
	{ value: "client", label: "Client", color: "teal" },
	{ value: "competitor", label: "Competitor", color: "gray" },
];

export const NAME_KINDS: { value: NonNullable<NameIn["kind"]>; label: string }[] = [
	{ value: "short", label: "Short name" },
	{ value: "legal", label: "Legal name" },
	{ value: "product", label: "Product" },
	{ value: "ticker", label: "Ticker" },
	{ value: "domain", label: "Domain" },
	{ value: "handle", label: "Handle" },
	{ value: "former", label: "Former name" },
	{ value: "misspelling", label: "Misspelling" },
	{ value: "transliteration", label: "In other letters" },
	{ value: "inflected", label: "Inflected" },
];

/** Told apart by colour-blind readers too (after Okabe and Ito). */
export const SWATCHES = [
	"#5253d9",
	"#d55e00",
	"#009e73",
	"#cc79a7",
	"#0072b2",
	"#e69f00",
	"#56b4e9",
	"#8a6d3b",
	"#6b7282",
];
