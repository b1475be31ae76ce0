import "@mantine/charts/styles.layer.css";
import { AreaChart } from "@mantine/charts";
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { AdDay } from "@/api/generated/types.gen";
import { ChartTwin } from "@/shared/ChartTwin";
import { dayCell } from "@/shared/TwinTable";
import { day } from "@/shared/time";
import { type Shown, show } from "./adNumbers";

const LINES: { name: string; title: string; shown: Shown }[] = [
	{ name: "spend", title: "Spend", shown: "money" },
	{ name: "ctr", title: "CTR", shown: "percent" },
	{ name: "cpm", title: "CPM", shown: "money" },
	{ name: "purchases", title: "Purchases", shown: "number" },
	{ name: "roas", title: "ROAS", shown: "times" },
];

/** The last 28 days of an ad, one metric at a time. Days on which it was not shown are gaps. */
export function AdTrend({ trend, currency }: { trend: AdDay[]; currency: string }) {
	const [name, setName] = useState("ctr");
	const line = LINES.find((one) => one.name === name) ?? LINES[0];
	if (!line) return null;
	return (
		<ChartTwin
			title="By day"
			level={3}
			about="Days of the account; purchases of the last days are still coming in"
			twin={{
				columns: ["Day", ...LINES.map(({ title }) => title)],
				rows: trend.map(({ day, values }) => [
					dayCell(day),
					...LINES.map(({ name, shown }) => ({
						value: values[name] ?? "",
						shown: show(values[name], shown, currency),
					})),
				]),
			}}
		>
			<SegmentedControl
				size="xs"
				mb="sm"
				aria-label="Shown by day"
				data={LINES.map(({ name, title }) => ({ value: name, label: title }))}
				value={name}
				onChange={setName}
			/>
			<AreaChart
				role="img"
				aria-label={`${line.title} by day`}
				data-keeps-panel
				h={150}
				data={trend.map((one) => ({ day: day(one.day), value: one.values[line.name] ?? null }))}
				dataKey="day"
				series={[{ name: "value", label: line.title, color: "indigo.6" }]}
				valueFormatter={(value) => show(value, line.shown, currency)}
				withDots={false}
				connectNulls={false}
				curveType="linear"
				gridAxis="none"
				yAxisProps={{ width: 64, interval: 0, ...(line.shown === "number" && whole(trend, line.name)) }}
			/>
		</ChartTwin>
	);
}

/** Of purchases there is no half one: an axis up to one has two steps, and no five. */
export function whole(trend: AdDay[], name: string) {
	const most = Math.max(1, ...trend.map(({ values }) => values[name] ?? 0));
	return { allowDecimals: false, tickCount: Math.min(5, most + 1) };
}
