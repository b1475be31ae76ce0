import classes from "./Topics.module.css";

type Props = { value: number; low: number; high: number; color?: string };

/** A share on a scale from nothing to all: the interval as a bar, the value as a mark. The figures stand beside it. */
export function ShareBar({ value, low, high, color = "var(--mantine-primary-color-filled)" }: Props) {
	return (
		<span className={classes.scale} aria-hidden>
			<i
				style={{ left: `${low * 100}%`, width: `${Math.max(high - low, 0.005) * 100}%`, background: color }}
			/>
			<b style={{ left: `${value * 100}%`, background: color }} />
		</span>
	);
}
