import type { AtLimitOut, BinOut } from "@/api/generated/types.gen";
import { percent, plural } from "@/shared/numbers";
import classes from "./Trust.module.css";

const WIDTH = 420;
const HEIGHT = 170;
const LEFT = 34;
const BOTTOM = 20;

const up = (share: number) => 6 + (1 - share) * (HEIGHT - BOTTOM - 6);
const line = (points: [number, number][]) =>
	points.map(([x, y], at) => `${at ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

function Shares() {
	return (
		<>
			{[0, 0.25, 0.5, 0.75, 1].map((share) => (
				<g key={share}>
					<line className={classes.grid} x1={LEFT} x2={WIDTH} y1={up(share)} y2={up(share)} />
					<text x={LEFT - 6} y={up(share) + 3} textAnchor="end">
						{percent(share)}
					</text>
				</g>
			))}
		</>
	);
}

/** What each limit keeps and how much of it is right. */
export function LimitPicture({ curve, limit }: { curve: AtLimitOut[]; limit: number }) {
	const shown = curve.filter((one) => one.shown > 0);
	const from = curve[0]?.limit ?? 0;
	const until = curve.at(-1)?.limit ?? 1;
	const x = (at: number) => LEFT + 4 + ((at - from) / (until - from || 1)) * (WIDTH - LEFT - 10);
	const band = [
		...shown.map((one): [number, number] => [x(one.limit), up(one.precision.high)]),
		...shown.toReversed().map((one): [number, number] => [x(one.limit), up(one.precision.low)]),
	];
	return (
		<figure style={{ margin: 0 }}>
			<svg
				viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
				className={classes.picture}
				role="img"
				aria-label={`By limit of confidence: ${shown.map((one) => `${percent(one.limit)} keeps ${percent(one.kept)}, ${percent(one.precision.share)} right`).join("; ")}`}
			>
				<Shares />
				{band.length > 0 && <path className={classes.band} d={`${line(band)}Z`} />}
				<path
					className={classes.precision}
					d={line(shown.map((one) => [x(one.limit), up(one.precision.share)]))}
				/>
				<path className={classes.kept} d={line(shown.map((one) => [x(one.limit), up(one.kept)]))} />
				<line className={classes.limit} x1={x(limit)} x2={x(limit)} y1={up(1)} y2={up(0)} />
				{curve
					.filter((_, at) => at % 2 === 0)
					.map((one) => (
						<text key={one.limit} x={x(one.limit)} y={HEIGHT - 5} textAnchor="middle">
							{percent(one.limit)}
						</text>
					))}
			</svg>
			<ul className={classes.legend}>
				<li>
					<i aria-hidden /> right, with what chance leaves open
				</li>
				<li>
					<i data-dashed aria-hidden /> kept of what is yours
				</li>
			</ul>
		</figure>
	);
}

/** How often what was believed to some degree was true. */
export function ReliabilityPicture({ bins }: { bins: BinOut[] }) {
	const x = (share: number) => LEFT + 4 + share * (WIDTH - LEFT - 10);
	return (
		<svg
			viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
			className={classes.picture}
			role="img"
			aria-label={`Belief and truth: ${bins.map((bin) => `believed ${percent(bin.predicted)}, true ${percent(bin.observed.share)} of ${plural(bin.checked, "judgement")}`).join("; ")}`}
		>
			<Shares />
			<line className={classes.even} x1={x(0)} x2={x(1)} y1={up(0)} y2={up(1)} />
			{bins.map((bin) => (
				<g key={bin.low}>
					<line
						className={classes.whisker}
						x1={x(bin.predicted)}
						x2={x(bin.predicted)}
						y1={up(bin.observed.low)}
						y2={up(bin.observed.high)}
					/>
					<circle
						className={classes.dot}
						cx={x(bin.predicted)}
						cy={up(bin.observed.share)}
						r={Math.min(3 + Math.sqrt(bin.checked) / 2, 9)}
					/>
				</g>
			))}
			{[0, 0.2, 0.4, 0.6, 0.8, 1].map((share) => (
				<text key={share} x={x(share)} y={HEIGHT - 5} textAnchor="middle">
					{percent(share)}
				</text>
			))}
		</svg>
	);
}
