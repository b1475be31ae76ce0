/** What the address of the screen holds. In a file of its own, so that reading an address does not load the screen. */
export const TABS = ["all", "health", "packs"] as const;
export type FeedsSearch = { tab?: (typeof TABS)[number]; feed?: string; q?: string };
