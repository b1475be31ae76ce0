import "@mantine/charts/styles.layer.css";
import { AreaChart } from "@mantine/charts";
import type { ReportDocument } from "@/api/generated/types.gen";
import { day } from "@/shared/time";
import type { Shows } from "./ReportParts";

type Props = Pick<Shows, "onFigure"> & { document: ReportDocument };

/** Loaded only by a report: the chart library is bigger than all other screens. */
export default function VolumeChart({ document, onFigure }: Props) {
	const { days, series } = document.volume;
	const brand = (id: string) => document.brands.find((one) => one.id === id);
	const data = days.map((on, at) => ({
		day: day(on),
		...Object.fromEntries(series.map(({ brand_id, mentions }) => [brand_id, mentions[at] ?? 0])),
	}));
	return (
		<AreaChart
			h={300}
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
			withLegend
			fillOpacity={0.07}
			yAxisProps={{ allowDecimals: false, width: 36 }}
			xAxisProps={{ interval: "equidistantPreserveStart", minTickGap: 36 }}
			legendProps={{ itemSorter: null, verticalAlign: "top", height: 36 }}
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
	);
}
