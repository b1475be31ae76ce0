import classes from "./Brands.module.css";

type Props = { days: number[]; color: string; most: number };

/** Mentions by day as a small picture; its number stands beside it. All brands of a list share one scale. */
export function DayBars({ days, color, most }: Props) {
	return (
		<svg
			className={classes.days}
			viewBox={`0 0 ${days.length * 3} 20`}
			preserveAspectRatio="none"
			aria-hidden="true"
			focusable="false"
		>
			{days.map((count, at) => {
				const height = count > 0 ? Math.max((count / Math.max(most, 1)) * 20, 2) : 0;
				// biome-ignore lint/suspicious/noArrayIndexKey: a day is its place
				return <rect key={at} x={at * 3} y={20 - height} width={2} height={height} fill={color} />;
			})}
		</svg>
	);
}
