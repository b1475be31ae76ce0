// In a file of its own, so that reading an address does not load the screen.
export const VIEWS = ["compare", "moved"] as const;
export type AccountView = (typeof VIEWS)[number];

/** What the address of the screen holds. */
export type AdAccountsSearch = {
	/** The account that is open. */
	account?: string;
	/** What is seen of it: how it stands, without a word for it, or one of these. */
	view?: AccountView;
	/** Connecting, for the brand of that identifier or for one that is still to be chosen ("any"). */
	connect?: string;
	/** The login whose accounts are being chosen. */
	login?: string;
	/** A table is brought in: into the account of that identifier, or into one that is still to be chosen ("any"). */
	table?: string;
	/** The brand from whose panel somebody came to connect, and goes back to. */
	from?: string;
	q?: string;
};
