import { sureness } from "./numbers";
import classes from "./Tone.module.css";

export type ToneName = "positive" | "neutral" | "negative" | "mixed" | "unclear";

export const TONES: Record<ToneName, { label: string; color: string }> = {
	positive: { label: "Positive", color: "var(--tone-positive)" },
	neutral: { label: "Neutral", color: "var(--tone-neutral)" },
	mixed: { label: "Mixed", color: "var(--tone-mixed)" },
	negative: { label: "Negative", color: "var(--tone-negative)" },
	unclear: { label: "Unclear", color: "var(--tone-unclear)" },
};

export function Tone({ tone }: { tone: ToneName }) {
	const { label, color } = TONES[tone];
	return (
		<span
			className={classes.tone}
			data-tone={tone}
			title={tone === "unclear" ? "The text does not say enough to tell" : undefined}
		>
			<span className={classes.dot} style={{ "--tone": color } as React.CSSProperties} aria-hidden />
			{label}
		</span>
	);
}

/** How sure we are, as a number and a small meter. */
export function Confidence({ value }: { value: number }) {
	return (
		<span className={classes.confidence}>
			<span className={classes.meter} aria-hidden>
				<span style={{ width: `${value * 100}%` }} />
			</span>
			<span className="numeric">{sureness(value)} sure</span>
		</span>
	);
}
