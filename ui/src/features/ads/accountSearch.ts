/** What the address of the screen holds. In a file of its own, so that reading an address does not load the screen. */
export type AdAccountsSearch = {
	/** The account that is open. */
	account?: string;
	/** Connecting, for the brand of that identifier or for one that is still to be chosen ("any"). */
	connect?: string;
	/** The login whose accounts are being chosen. */
	login?: string;
	/** A table is brought in: into the account of that identifier, or into one that is still to be chosen ("any"). */
	table?: string;
	q?: string;
};
