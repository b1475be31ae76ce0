/** What the address of the screen holds. In a file of its own, so that reading an address does not load the screen. */
export const SEVERITIES = ["info", "warning", "critical"] as const;
export const SPANS = ["1d", "7d", "30d"] as const;

export type Severity = (typeof SEVERITIES)[number];
export type Span = (typeof SPANS)[number];
export type NotificationsSearch = {
	q?: string;
	kind?: string;
	severity?: Severity;
	since?: Span;
	unread?: boolean;
	notice?: string;
};
