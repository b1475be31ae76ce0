/** What a deletion of reports means, wherever one asks for it. */
export const DELETION =
	"Gone at once from all lists, with links and files; the mentions themselves stay. For 30 days it can be taken back under “What was done”.";
