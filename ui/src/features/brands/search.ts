/** The tabs of an open brand. In a file of its own, so that reading an address does not load the screen. */
const TABS = ["profile", "voice", "tone", "people", "trust", "ads"] as const;
export type BrandTab = (typeof TABS)[number];

export const isTab = (tab: string | undefined): tab is BrandTab => TABS.some((one) => one === tab);
