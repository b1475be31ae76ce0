// In a file of its own: what Meta sends people back to has little to load.
const KEY = "brandhound.connecting-from";

/** Where somebody was who went to Meta's dialog: in the panel of a brand, or of an account. */
export type From = { from?: string; account?: string };

/** Keep it while they are away, in this tab. Without a memory one comes back to the list of accounts. */
export function leaveFrom(from: From): void {
	try {
		sessionStorage.setItem(KEY, JSON.stringify(from));
	} catch {
		// A browser that keeps nothing.
	}
}

/** Where they were, once. */
export function cameFrom(): From {
	try {
		const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
		sessionStorage.removeItem(KEY);
		const { from, account } = kept as Record<string, unknown>;
		return {
			...(typeof from === "string" && { from }),
			...(typeof account === "string" && { account }),
		};
	} catch {
		return {};
	}
}
