/** What the address of the reports holds. */
export type ReportsSearch = {
	tab?: "schedules" | "sent" | "templates" | undefined;
	report?: "new" | undefined;
	schedule?: string | undefined;
	sending?: string | undefined;
	/** One that is open; `new`, or `looks` for how reports look. */
	template?: string | undefined;
};
