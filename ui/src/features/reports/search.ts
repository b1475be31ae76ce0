/** What the address of the reports holds. */
export type ReportsSearch = {
	tab?: "schedules" | "sent" | "templates" | undefined;
	/** What is looked for in the list. */
	q?: string | undefined;
	tag?: string | undefined;
	/** What was put away. */
	view?: "archived" | undefined;
	/** What people did to reports, in a panel. */
	deeds?: true | undefined;
	report?: "new" | undefined;
	schedule?: string | undefined;
	sending?: string | undefined;
	/** One that is open; `new`, or `looks` for how reports look. */
	template?: string | undefined;
};
