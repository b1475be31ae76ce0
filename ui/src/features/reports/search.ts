/** What the address of the reports holds. */
export type ReportsSearch = {
	tab?: "schedules" | "sent" | undefined;
	report?: "new" | undefined;
	schedule?: string | undefined;
	sending?: string | undefined;
};
