import { plural } from "./numbers";
import { TONES, type ToneName } from "./Tone";
import classes from "./ToneBar.module.css";

const ORDER: ToneName[] = ["positive", "neutral", "mixed", "unclear", "negative"];

/** How many speak well, badly or neither, as a bar; where all speak alike, a word says more. */
export function ToneBar({ counts }: { counts: Partial<Record<ToneName, number>> }) {
	const parts = ORDER.map((tone) => ({ tone, number: counts[tone] ?? 0 })).filter(({ number }) => number > 0);
	const total = parts.reduce((sum, { number }) => sum + number, 0);
	const words = parts.map(({ tone, number }) => `${number} ${TONES[tone].label.toLowerCase()}`).join(", ");
	return (
		<span className={classes.tones}>
			<span
				className={classes.bar}
				role="img"
				aria-label={`Tone of ${plural(total, "mention")}: ${words}`}
				title={words}
			>
				{parts.map(({ tone, number }) => (
					<span
						key={tone}
						data-tone={tone}
						style={{ flexGrow: number, "--tone": TONES[tone].color } as React.CSSProperties}
					/>
				))}
			</span>
		</span>
	);
}
