/** The tabs of an open brand. In a file of its own, so that reading an address does not load the screen. */
export type BrandTab = "profile" | "ads" | "tone" | "trust";
