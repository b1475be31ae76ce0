/** What the server answers when something cannot be done (`application/problem+json`). */
export type Problem = {
	title: string;
	status: number;
	code?: string;
	detail?: unknown;
	/** A fact of some problems: what exactly was found instead. */
	reason?: unknown;
	errors?: { loc: (string | number)[]; msg: string }[];
};

export function isProblem(error: unknown): error is Problem {
	return typeof error === "object" && error !== null && "status" in error && "title" in error;
}

/** One sentence for the reader, whatever was thrown. */
export function sentence(error: unknown): string {
	if (isProblem(error)) {
		// What is wrong with no field in particular stands beside none.
		const whole = error.errors?.find(({ loc }) => loc?.length === 0)?.msg;
		const more = whole ?? error.reason ?? error.detail;
		return typeof more === "string" && more !== error.title ? `${error.title} ${more}` : error.title;
	}
	if (error instanceof TypeError) return "The server cannot be reached.";
	if (error instanceof Error && error.message) return error.message;
	return "Something went wrong on the server.";
}

/** A refused form as the `{ field: message }` that a form's setErrors takes; "names.0.text" for what lies deeper. */
export function fieldErrors(error: unknown): Record<string, string> {
	const list = (error as Problem | undefined)?.errors;
	if (!Array.isArray(list)) return {};
	return Object.fromEntries(
		list
			.filter(({ loc }) => Array.isArray(loc))
			.map(({ loc, msg }) => [
				loc.filter((part, at) => at > 0 || part !== "body").join("."),
				msg.replace(/^Value error, /, ""),
			]),
	);
}

type Asked = { isError: boolean; data: unknown; error: unknown };

/**
 * Is there nothing to show of what was asked? What is on the screen, also in a form, stays while only asking for it anew did not
 * work: the server was away for a moment, the session has ended or is in another organization now. What the server says is gone is gone.
 */
export function failed<Q extends Asked>(query: Q): query is Extract<Q, { isLoadingError: true }> {
	if (!query.isError) return false;
	return (
		query.data === undefined ||
		(isProblem(query.error) && !isAboutWhoAsks(query.error) && query.error.status < 500)
	);
}

/** It says nothing of what was asked for: who asks is not signed in any more, or not where this tab is. */
const isAboutWhoAsks = ({ status, code }: Problem) => status === 401 || code === "tenancy/organization-left";

type Awaited = { isLoading: boolean; failureCount: number; errorUpdateCount: number };

/**
 * Is what stands above or beside other things on its way for the first time? They come with it, so that nothing moves under a click.
 * Where asking did not work once, nobody waits for it: what is being typed beside it stays while it is asked for again.
 */
export const onItsWay = ({ isLoading, failureCount, errorUpdateCount }: Awaited) =>
	isLoading && failureCount === 0 && errorUpdateCount === 0;
