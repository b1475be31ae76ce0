import { Text, Title } from "@mantine/core";
import dayjs from "dayjs";
import type { ChartOut, SeriesOut } from "@/api/generated/types.gen";
import classes from "./Admin.module.css";
import { amount } from "./figures";

const COLORS = [
	"var(--mantine-primary-color-filled)",
	"var(--tone-positive)",
	"var(--tone-negative)",
	"var(--tone-mixed)",
	"var(--mantine-color-cyan-6)",
	"var(--mantine-color-grape-5)",
	"var(--mantine-color-dimmed)",
];
const WIDTH = 300;
const HEIGHT = 100;

type Props = { chart: ChartOut; since: string; until: string };

/** Lines over time, small: a library for this would be larger than all the screens that show them. */
export function LineChart({ chart, since, until }: Props) {
	const from = Date.parse(since);
	const span = Date.parse(until) - from;
	const most = Math.max(...chart.series.flatMap((series) => series.most), 0);
	const top = most > 0 ? most : 1;
	const x = (seconds: number) => ((seconds * 1000 - from) / span) * WIDTH;
	const y = (value: number) => HEIGHT - (Math.max(0, value) / top) * (HEIGHT - 6);
	const format = span > 2 * 86_400_000 ? "D MMM" : "HH:mm";
	return (
		<figure className={classes.chart}>
			<figcaption>
				<Title order={3} size="h6">
					{chart.title}
				</Title>
				<Text size="xs" c="dimmed">
					{chart.about}
				</Text>
			</figcaption>
			<svg
				viewBox={`0 0 ${WIDTH} ${HEIGHT + 14}`}
				preserveAspectRatio="none"
				role="img"
				aria-label={inWords(chart)}
			>
				<line x1={0} x2={WIDTH} y1={y(top)} y2={y(top)} />
				<line x1={0} x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
				{chart.series.map((series, at) => (
					<path
						key={series.name + series.label}
						d={path(series, x, y, span)}
						stroke={COLORS[at % COLORS.length]}
					/>
				))}
			</svg>
			<Text
				size="xs"
				c="dimmed"
				className="numeric"
				style={{ display: "flex", justifyContent: "space-between" }}
			>
				<span>{dayjs(since).format(format)}</span>
				<span>at most {amount(most, chart.unit)}</span>
				<span>{dayjs(until).format(format)}</span>
			</Text>
			<ul className={classes.legend}>
				{chart.series.map((series, at) => (
					<li key={series.name + series.label}>
						<i style={{ background: COLORS[at % COLORS.length] }} aria-hidden />
						{nameOf(series, chart)} {amount(series.value.at(-1) ?? 0, chart.unit)}
					</li>
				))}
			</ul>
		</figure>
	);
}

/** What one series is called beside the others of its chart. */
function nameOf({ name, label }: SeriesOut, { series }: ChartOut): string {
	if (label) return label.replaceAll("_", " ");
	if (series.length === 1) return "now";
	return name.replace(/^brandhound_/, "").replaceAll("_", " ");
}

function inWords(chart: ChartOut): string {
	const lines = chart.series.map((series) => {
		const values = series.value;
		const last = amount(values.at(-1) ?? 0, chart.unit);
		return `${nameOf(series, chart)} ${last}, at most ${amount(Math.max(0, ...values), chart.unit)}`;
	});
	return `${chart.title}: ${lines.join("; ")}`;
}

/** A line that is broken where nothing was measured for long. */
function path(
	series: SeriesOut,
	x: (seconds: number) => number,
	y: (value: number) => number,
	span: number,
): string {
	const gap = (WIDTH / 120) * 3.5 + (WIDTH * 180_000) / span;
	let last = Number.NEGATIVE_INFINITY;
	const parts = series.value.map((value, point) => {
		const here = x(series.at[point] ?? 0);
		const begins = here - last > gap;
		last = here;
		return `${begins ? "M" : "L"}${here.toFixed(1)} ${y(value).toFixed(1)}${begins ? "h0.5" : ""}`;
	});
	return parts.join("");
}
