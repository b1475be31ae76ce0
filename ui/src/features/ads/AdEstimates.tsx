import { Group, Text } from "@mantine/core";
import type { EstimateOut } from "@/api/generated/types.gen";
import { ChartTwin } from "@/shared/ChartTwin";
import { percent } from "@/shared/numbers";
import { plainTwin } from "@/shared/TwinTable";
import classes from "./Ads.module.css";
import { amongText, show } from "./adNumbers";

export function Estimates({ estimates, currency }: { estimates: EstimateOut[]; currency: string }) {
	const value = (one: EstimateOut, of: number | null) => show(of, one.shown, currency);
	return (
		<ChartTwin
			title="Beside what is usual"
			level={3}
			about="The dot is what it likely is; the thick line holds half of the doubt, the thin one nine tenths. The grey band is the middle half of the ads that it is compared with."
			twin={plainTwin(
				["Metric", "Raw", "Likely", "From", "To", "Lowest quarter", "Median", "Highest quarter"],
				estimates.map((one) => [
					one.title,
					...[one.value, one.mean, one.low90, one.high90, one.p25, one.median, one.p75].map((of) =>
						value(one, of),
					),
				]),
			)}
		>
			<div className={classes.estimates}>
				{estimates.map((one) => (
					<div key={one.metric}>
						<Group justify="space-between" gap="xs">
							<Text size="sm">{one.title}</Text>
							<Text size="sm" style={{ fontVariantNumeric: "tabular-nums" }}>
								{value(one, one.low90)} to {value(one, one.high90)}
								<Text span size="xs" c="dimmed">
									{" "}
									raw {value(one, one.value)}
								</Text>
							</Text>
						</Group>
						<Whiskers of={one} />
						<Text size="xs" c="dimmed">
							{percent(one.own)} from the ad itself, the rest from{" "}
							{one.among ? amongText(one.among) : `${one.ads} ads of the account`}
							{one.lacks.length > 0 &&
								`; they are few: too little of ${one.lacks.join(", ").replaceAll("_", " ")}`}
						</Text>
					</div>
				))}
			</div>
		</ChartTwin>
	);
}

/** An estimate on a line with what is usual. The words above say the same. */
function Whiskers({ of }: { of: EstimateOut }) {
	const all = [of.low90, of.high90, of.p25, of.p75, of.mean].filter(
		(value): value is number => value !== null,
	);
	const least = Math.min(...all);
	const most = Math.max(...all);
	const width = most - least || 1;
	const x = (value: number) => 2 + (96 * (value - least)) / width;
	return (
		<svg className={classes.whiskers} viewBox="0 0 100 26" preserveAspectRatio="none" aria-hidden>
			{of.p25 !== null && of.p75 !== null && (
				<rect
					x={x(of.p25)}
					width={Math.max(x(of.p75) - x(of.p25), 0.5)}
					y={2}
					height={22}
					fill="var(--mantine-color-default-border)"
				/>
			)}
			{of.median !== null && of.median >= least && of.median <= most && (
				<line
					x1={x(of.median)}
					x2={x(of.median)}
					y1={2}
					y2={24}
					stroke="var(--mantine-color-dimmed)"
					vectorEffect="non-scaling-stroke"
				/>
			)}
			<line
				x1={x(of.low90)}
				x2={x(of.high90)}
				y1={13}
				y2={13}
				stroke="var(--mantine-primary-color-filled)"
				strokeWidth={1.5}
				vectorEffect="non-scaling-stroke"
			/>
			<line
				x1={x(of.low50)}
				x2={x(of.high50)}
				y1={13}
				y2={13}
				stroke="var(--mantine-primary-color-filled)"
				strokeWidth={6}
				vectorEffect="non-scaling-stroke"
			/>
			<line
				x1={x(of.mean)}
				x2={x(of.mean)}
				y1={8}
				y2={18}
				stroke="var(--mantine-color-text)"
				strokeWidth={2.5}
				vectorEffect="non-scaling-stroke"
			/>
		</svg>
	);
}
