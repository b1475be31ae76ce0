import { Badge, Group, SegmentedControl, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { ChartLine } from "lucide-react";
import type { SloOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { percent } from "@/shared/numbers";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import classes from "./Admin.module.css";
import { LineChart } from "./LineChart";
import { useMetrics } from "./queries";
import type { Span } from "./search";

type Props = { span: Span; onSpan: (span: Span) => void };

export function MetricsTab({ span, onSpan }: Props) {
	const metrics = useMetrics(span);
	const drawn = metrics.data?.charts.filter(({ series }) => series.length > 0) ?? [];
	return (
		<Stack gap="md">
			<SegmentedControl
				aria-label="How far back"
				style={{ alignSelf: "flex-start" }}
				value={span}
				onChange={(value) => onSpan(value as Span)}
				data={[
					{ value: "1h", label: "1 h" },
					{ value: "6h", label: "6 h" },
					{ value: "24h", label: "24 h" },
					{ value: "7d", label: "7 days" },
					{ value: "30d", label: "30 days" },
				]}
			/>
			{metrics.isPending ? (
				<LoadingRows what="metrics" />
			) : failed(metrics) ? (
				<ProblemPanel error={metrics.error} retry={metrics.refetch} />
			) : (
				<>
					<SimpleGrid cols={{ base: 1, lg: 3 }} spacing="sm">
						{metrics.data.slos.map((slo) => (
							<Kept key={slo.name} slo={slo} />
						))}
					</SimpleGrid>
					{drawn.length === 0 ? (
						<Empty icon={ChartLine} title="Nothing was measured yet">
							The web server and the workers write down how everything does, once a minute. Come back in two
							minutes.
						</Empty>
					) : (
						<div className={classes.charts}>
							{drawn.map((chart) => (
								<LineChart
									key={chart.key}
									chart={chart}
									since={metrics.data.since}
									until={metrics.data.until}
								/>
							))}
						</div>
					)}
					<Text size="xs" c="dimmed">
						A value a minute is kept for 30 days. Prometheus reads all of it and more at <code>/metrics</code>
						.
					</Text>
				</>
			)}
		</Stack>
	);
}

/** A promise: how it is kept over 30 days, and whether its allowance burns. */
function Kept({ slo }: { slo: SloOut }) {
	const burning = slo.burn_fast > 14.4 ? "fast" : slo.burn_slow > 6 ? "slow" : null;
	return (
		<div className={classes.chart}>
			<Group justify="space-between" wrap="nowrap" align="start">
				<Title order={2} size="h6">
					{slo.title}
				</Title>
				{slo.good === null ? (
					<Badge color="gray">Nothing yet</Badge>
				) : burning ? (
					<Badge color={burning === "fast" ? "red" : "yellow"}>Burns {burning}</Badge>
				) : slo.left !== null && slo.left <= 0 ? (
					<Badge color="yellow">Used up</Badge>
				) : (
					<Badge color="green">Kept</Badge>
				)}
			</Group>
			<Text size="sm" className="numeric" mt={4}>
				{slo.good === null ? "No events yet" : `${(slo.good * 100).toFixed(2)} %`} of {percent(slo.objective)}{" "}
				promised
			</Text>
			<Text size="xs" c="dimmed">
				{slo.left !== null && `${percent(slo.left)} of the month's allowance left. `}
				{slo.about}
			</Text>
		</div>
	);
}
