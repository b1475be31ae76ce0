import { isProblem, sentence } from "@/api/problems";

const WHY: Record<string, string> = {
	invalid: "It is none of Meta's: copy the whole of it, and nothing else.",
	expired: "It has expired: make a new one.",
	logged_out: "The person logged out, which ends it: make a new one.",
	password_changed: "The password at Meta was changed, which ends it: make a new one.",
	checkpoint: "Meta wants the person to log in at facebook.com first.",
	unconfirmed: "The person's account at Meta is not confirmed yet.",
	removed: "The application was removed at Meta: add it to the business again.",
	no_role: "The person has no role at the application or the business any more.",
	missing_scope: "It lacks the permission ads_read.",
	no_access: "It may read no ad account.",
	data_access: "Access to data has run out: the person has to log in again.",
};

/** Why Meta does not take a token, in words that say what to do; other problems as they say themselves. `account` is what was to
 * be read, where it was one. */
export function refused(error: unknown, account?: string): string {
	const reason = isProblem(error) && error.code === "ads/access-refused" && String(error.reason);
	const why = reason && (reason === "no_access" && account ? `It may not read ${account} yet.` : WHY[reason]);
	return why ? `${(error as { title: string }).title} ${why}` : sentence(error);
}
