/** What the address of the screen holds. In a file of its own, so that reading an address does not load the screen. */
export const TABS = [
	"organization",
	"account",
	"members",
	"notifications",
	"models",
	"keys",
	"audit",
] as const;
export type SettingsSearch = {
	tab?: (typeof TABS)[number];
	new?: "invitation" | "key";
	channel?: string;
	model?: string;
	/** The member who shall choose a new password. */
	member?: string;
};
