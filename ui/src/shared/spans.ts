/** Offsets of the server count characters (code points); JavaScript's count UTF-16 units. */
export class Characters {
	private readonly points: string[] | undefined;

	constructor(private readonly text: string) {
		if (/[\ud800-\udfff]/.test(text)) this.points = Array.from(text);
	}

	slice(start: number, end?: number): string {
		return this.points ? this.points.slice(start, end).join("") : this.text.slice(start, end);
	}

	get length(): number {
		return this.points?.length ?? this.text.length;
	}
}

export type Span<T> = { start: number; end: number; of: T };
export type Piece<T> = { text: string; start: number; of: T | undefined };

/** The text cut at the spans. Where two overlap, the earlier one wins; spans outside the text are left out. */
export function pieces<T>(text: string, spans: readonly Span<T>[]): Piece<T>[] {
	const characters = new Characters(text);
	const found: Piece<T>[] = [];
	let at = 0;
	for (const { start, end, of } of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
		if (start < at || end <= start || start >= characters.length) continue;
		if (start > at) found.push({ text: characters.slice(at, start), start: at, of: undefined });
		found.push({ text: characters.slice(start, end), start, of });
		at = end;
	}
	if (at < characters.length) found.push({ text: characters.slice(at), start: at, of: undefined });
	return found;
}
