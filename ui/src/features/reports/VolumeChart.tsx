import "@mantine/charts/styles.layer.css";
import { AreaChart } from "@mantine/charts";
import type { ReportDocument } from "@/api/generated/types.gen";
import { day } from "@/shared/time";
import classes from "./Report.module.css";
import type { Shows } from "./ReportParts";

type Props = Pick<Shows, "onFigure"> & { document: Pick<ReportDocument, "volume" | "brands"> };

/** Loaded only by a report: the chart library is bigger than all other screens. */
export default function VolumeChart({ document, onFigure }: Props) {
	const { days } = document.volume;
	// A brand of which nothing was said has no line worth a place in the legend; the table below has its zeros.
	const spoken = document.volume.series.filter(({ mentions }) => mentions.some(Boolean));
	const series = spoken.length > 0 ? spoken : document.volume.series;
	const brand = (id: string) => document.brands.find((one) => one.id === id);
	const data = days.map((on, at) => ({
		day: day(on),
		...Object.fromEntries(series.map(({ brand_id, mentions }) => [brand_id, mentions[at] ?? 0])),
	}));
	return (
		<>
			<ul className={classes.legend}>
				{series.map(({ brand_id }) => (
					<li key={brand_id}>
						<i style={{ background: brand(brand_id)?.color }} aria-hidden />
						{brand(brand_id)?.name}
					</li>
				))}
			</ul>
			<AreaChart
				h={264}
				role="img"
				aria-label="Mentions a day, by brand"
				data-keeps-panel
				data={data}
				dataKey="day"
				series={series.map(({ brand_id }) => ({
					name: brand_id,
					label: brand(brand_id)?.name ?? "",
					color: brand(brand_id)?.color ?? "gray.5",
				}))}
				curveType="linear"
				withDots={days.length <= 14}
				strokeWidth={2}
				gridAxis="x"
				tickLine="none"
				fillOpacity={0.07}
				yAxisProps={{ allowDecimals: false, width: 36 }}
				xAxisProps={{ interval: "equidistantPreserveStart", minTickGap: 36 }}
				activeDotProps={{
					r: 6,
					style: { cursor: "pointer" },
					onClick: (dot: unknown) => {
						const { dataKey, index } = dot as { dataKey?: string; index?: number };
						const evidence = series.find(({ brand_id }) => brand_id === dataKey)?.evidence[index ?? -1];
						if (evidence) onFigure(evidence);
					},
				}}
			/>
		</>
	);
}
