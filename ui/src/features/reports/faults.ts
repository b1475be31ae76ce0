import { isProblem, sentence } from "@/api/problems";

type Facts = {
	block?: unknown;
	line?: unknown;
	found?: unknown;
	nearest?: unknown;
	schedules?: unknown;
	darker?: unknown;
};

/** What is wrong with a template, with the place where it is wrong. */
export function faultOf(error: unknown): string {
	const said = sentence(error);
	if (!isProblem(error)) return said;
	const { block, line, found, nearest, schedules } = error as Facts;
	if (Array.isArray(schedules)) return `${said} ${schedules.join(", ")}`;
	if (typeof block !== "number") return said;
	// A text of one line needs no number.
	const at = typeof line === "number" && line > 1 ? `, line ${line}` : "";
	const where = `Block ${block + 1}${at}${typeof found === "string" ? `, at “${found}”` : ""}.`;
	return `${said} ${where}${typeof nearest === "string" ? ` Is “${nearest}” meant?` : ""}`;
}

/** The block in which it is wrong, if it is one. */
export function faultyBlock(error: unknown): number | undefined {
	const block = isProblem(error) ? (error as Facts).block : undefined;
	return typeof block === "number" ? block : undefined;
}

/** The colour that would do instead. */
export function instead(error: unknown): string | undefined {
	const darker = isProblem(error) ? (error as Facts).darker : undefined;
	return typeof darker === "string" ? darker : undefined;
}
