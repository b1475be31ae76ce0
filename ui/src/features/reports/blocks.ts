import type { TemplateOut } from "@/api/generated/types.gen";
import { plural } from "@/shared/numbers";

export type Block = TemplateOut["blocks"][number];
type Kind = NonNullable<Block["kind"]>;
/** A block in the editor, with a name of its own that survives moving. */
export type Placed = { key: string; block: Block };

type Sort = { kind: Kind; label: string; about: string; make: () => Block };

/** Every sort of block that can be added, in the order of the menu. */
export const SORTS: Sort[] = [
	{
		kind: "text",
		label: "Text",
		about: "Your own words, with variables",
		make: () => ({ kind: "text", heading: "", text: "" }),
	},
	{
		kind: "summary",
		label: "Summary",
		about: "Sentences that cite their mentions",
		make: () => ({ kind: "summary", most: 5 }),
	},
	{
		kind: "figures",
		label: "Figures",
		about: "Mentions, stories, outlets, share, tone",
		make: () => ({ kind: "figures", which: ["mentions", "stories", "outlets", "share", "tone"] }),
	},
	{
		kind: "comparison",
		label: "Comparison",
		about: "Each figure beside what it was",
		make: () => ({ kind: "comparison" }),
	},
	{
		kind: "chart",
		label: "Chart",
		about: "Volume, share, tone or outlets",
		make: () => ({ kind: "chart", chart: "volume", half: false }),
	},
	{
		kind: "findings",
		label: "What stands out",
		about: "Sentences made from the figures",
		make: () => ({ kind: "findings", half: false }),
	},
	{
		kind: "share_of_voice",
		label: "Share of voice",
		about: "A table with intervals",
		make: () => ({ kind: "share_of_voice" }),
	},
	{
		kind: "story_list",
		label: "Stories",
		about: "Those that most outlets told",
		make: () => ({ kind: "story_list", heading: "Top stories", most: 10, tones: [], quotes: true }),
	},
	{
		kind: "mention_list",
		label: "Mentions",
		about: "One by one, newest first",
		make: () => ({
			kind: "mention_list",
			heading: "Mentions",
			most: 100,
			whose: "subject",
			tones: [],
			copies: true,
		}),
	},
	{
		kind: "outlets",
		label: "Outlets",
		about: "Who wrote most, and how",
		make: () => ({ kind: "outlets", most: 15 }),
	},
	{
		kind: "topics",
		label: "Topics",
		about: "How much is about what, and key messages",
		make: () => ({ kind: "topics", heading: "What it was about", most: 10, which: "all" }),
	},
	{
		kind: "care",
		label: "Read with care",
		about: "What to know before trusting a figure",
		make: () => ({ kind: "care" }),
	},
	{
		kind: "page_break",
		label: "Page break",
		about: "What follows begins on a new page",
		make: () => ({ kind: "page_break" }),
	},
];

const LABELS = new Map<string, string>([
	["title", "Title"],
	...SORTS.map(({ kind, label }) => [kind, label] as const),
]);
const CHARTS = { volume: "mentions over time", share: "share of voice", tone: "tone", outlets: "outlets" };

export const labelOf = ({ kind }: Pick<Block, "kind">) => LABELS.get(kind ?? "") ?? "Block";

/** What a block tells, in a few words. */
export function inShort(block: Block): string {
	switch (block.kind) {
		case "title":
			return block.text || "Written for you: who, and what moved";
		case "text":
			return block.heading || block.text?.split("\n")[0] || "Empty";
		case "figures":
			return (block.which ?? []).join(", ");
		case "chart":
			return CHARTS[block.chart ?? "volume"] + (block.half ? ", half as wide" : "");
		case "findings":
			return block.half ? "half as wide" : "";
		case "summary":
			return `at most ${plural(block.most ?? 0, "sentence")}`;
		case "story_list":
			return [`at most ${block.most}`, ...(block.tones ?? [])].join(", ");
		case "mention_list":
			return [
				`at most ${block.most}`,
				block.whose === "competitors" ? "of competitors" : block.whose === "all" ? "of all brands" : "",
				...(block.tones ?? []),
				block.copies ? "" : "without copies",
			]
				.filter(Boolean)
				.join(", ");
		case "outlets":
			return `at most ${block.most}`;
		case "topics":
			return [
				block.which === "topic" ? "topics" : block.which === "message" ? "key messages" : "",
				`at most ${block.most}`,
			]
				.filter(Boolean)
				.join(", ");
		default:
			return "";
	}
}

export const placed = (blocks: readonly Block[]): Placed[] =>
	blocks.map((block) => ({ key: crypto.randomUUID(), block }));

export const plain = (rows: readonly Placed[]): Block[] => rows.map(({ block }) => block);

/** The rows with one of them at another place. The title stays first. */
export function moved(rows: readonly Placed[], from: number, to: number): Placed[] {
	const target = Math.min(Math.max(to, 1), rows.length - 1);
	const row = rows[from];
	if (from < 1 || !row || target === from) return [...rows];
	const rest = rows.filter((_, at) => at !== from);
	return [...rest.slice(0, target), row, ...rest.slice(target)];
}
