import type { ToneName } from "@/shared/Tone";

/** What the address of the screen holds. In a file of its own, so that reading an address does not load the screen. */
export const VIEWS = ["inbox", "doubtful", "starred", "archived", "rejected"] as const;
export type View = (typeof VIEWS)[number];
export type StoriesSearch = {
	view?: View;
	q?: string;
	brand?: string;
	tone?: ToneName;
	tag?: string;
	topic?: string;
	sure?: number;
	story?: string;
	/** What is doubtful, mention by mention. */
	single?: true;
	/** Only what a model takes for the contrary of where it stands, mention by mention. */
	otherwise?: true;
	/** What people did to stories, in a panel. */
	deeds?: true;
};
