/** What the address of the screen holds. In a file of its own, so that reading an address does not load the screen. */
export const STEPS = ["brand", "feeds", "scan", "teach", "report"] as const;
export type Step = (typeof STEPS)[number];
