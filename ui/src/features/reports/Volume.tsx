import {
	ActionIcon,
	Card,
	Group,
	SegmentedControl,
	Skeleton,
	Table,
	Text,
	Title,
	Tooltip,
} from "@mantine/core";
import { Download } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { ReportDocument } from "@/api/generated/types.gen";
import { day } from "@/shared/time";
import classes from "./Report.module.css";
import type { Shows } from "./ReportBody";

const VolumeChart = lazy(() => import("./VolumeChart"));

type Props = Shows & { document: ReportDocument; report: string };

export function Volume({ document, report, onFigure }: Props) {
	const [as, setAs] = useState("chart");
	return (
		<Card padding="lg">
			<div className={classes.head}>
				<Title order={2} size="h5">
					Mentions a day
				</Title>
				<Group gap={6}>
					<SegmentedControl
						size="xs"
						aria-label="Show as"
						value={as}
						onChange={setAs}
						data={[
							{ value: "chart", label: "Chart" },
							{ value: "table", label: "Table" },
						]}
					/>
					<Tooltip label="Download as a picture (SVG)">
						<ActionIcon
							component="a"
							href={`/api/reports/${report}/charts/volume.svg`}
							download="mentions-a-day.svg"
							variant="default"
							size={30}
							aria-label="Download the chart as a picture"
						>
							<Download size={15} />
						</ActionIcon>
					</Tooltip>
				</Group>
			</div>
			{as === "chart" ? (
				<Suspense fallback={<Skeleton h={300} />}>
					<VolumeChart document={document} onFigure={onFigure} />
				</Suspense>
			) : (
				<Days document={document} onFigure={onFigure} />
			)}
			{as === "chart" && (
				<Text size="xs" c="dimmed" mt="xs">
					Each point opens its mentions; the table holds the same numbers.
				</Text>
			)}
		</Card>
	);
}

function Days({ document, onFigure }: Pick<Props, "document" | "onFigure">) {
	const { days, series } = document.volume;
	const name = (id: string) => document.brands.find((brand) => brand.id === id)?.name ?? "";
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse
		<section className={classes.days} tabIndex={0} aria-label="Mentions a day, as a table">
			<Table stickyHeader fz="sm">
				<Table.Thead>
					<Table.Tr>
						<Table.Th>Day</Table.Th>
						{series.map(({ brand_id }) => (
							<Table.Th key={brand_id} ta="right">
								{name(brand_id)}
							</Table.Th>
						))}
					</Table.Tr>
				</Table.Thead>
				<Table.Tbody>
					{days.map((on, at) => (
						<Table.Tr key={on}>
							<Table.Td>{day(on)}</Table.Td>
							{series.map(({ brand_id, mentions, evidence }) => (
								<Table.Td key={brand_id} ta="right">
									{mentions[at] ? (
										<button
											type="button"
											className={classes.number}
											onClick={() => onFigure(evidence[at] ?? "")}
											aria-label={`${mentions[at]} of ${name(brand_id)} on ${day(on)}`}
											data-keeps-panel
										>
											{mentions[at]}
										</button>
									) : (
										0
									)}
								</Table.Td>
							))}
						</Table.Tr>
					))}
				</Table.Tbody>
			</Table>
		</section>
	);
}
