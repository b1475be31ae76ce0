import classes from "./Quote.module.css";
import { pieces } from "./spans";

type Place = { field: "title" | "text"; start: number; end: number };
type Quoted = { title: string; quote: (Place & { text: string }) | null; evidence: Place[] };

/** The words the tone was read from (else the title), with the brand's name marked as it stands there. */
export function Quote({ mention: { title, quote, evidence } }: { mention: Quoted }) {
	const shown = quote ?? { text: title, field: "title", start: 0, end: Number.POSITIVE_INFINITY };
	const spans = evidence
		.filter(({ field, start, end }) => field === shown.field && start >= shown.start && end <= shown.end)
		.map(({ start, end }) => ({ start: start - shown.start, end: end - shown.start, of: true }));
	return (
		<blockquote className={classes.quote} dir="auto">
			{pieces(shown.text, spans).map(({ text, start, of }) => (of ? <mark key={start}>{text}</mark> : text))}
		</blockquote>
	);
}
