import { ActionIcon, Card, Group, SegmentedControl, Text, Title, Tooltip } from "@mantine/core";
import { ImageDown, Sheet } from "lucide-react";
import { type ReactNode, useState } from "react";
import { saveCsv } from "@/shared/csv";
import classes from "./Report.module.css";
import { type Twin, TwinTable, values } from "./TwinTable";

type Props = {
	title: string;
	about?: ReactNode;
	/** Its name at the server, which draws the picture to download. */
	chart: "volume" | "share" | "tone" | "outlets";
	report: string;
	twin: Twin;
	note?: ReactNode;
	onFigure: (figure: string) => void;
	/** The picture; without one the table stands for itself. */
	children?: ReactNode;
};

/** A chart, the table of the same numbers, and both to take away. */
export function ChartCard({ title, about, chart, report, twin, note, onFigure, children }: Props) {
	const [as, setAs] = useState("chart");
	const name = title.toLowerCase().replaceAll(" ", "-");
	const drawn = children !== undefined && as === "chart";
	return (
		<Card padding="lg">
			<div className={classes.head}>
				<div>
					<Title order={2} size="h5">
						{title}
					</Title>
					{about && (
						<Text size="xs" c="dimmed">
							{about}
						</Text>
					)}
				</div>
				<Group gap={6} wrap="nowrap">
					{children !== undefined && (
						<SegmentedControl
							size="xs"
							aria-label={`Show ${title} as`}
							value={as}
							onChange={setAs}
							data={[
								{ value: "chart", label: "Chart" },
								{ value: "table", label: "Table" },
							]}
						/>
					)}
					<Tooltip label="Download the picture (SVG)">
						<ActionIcon
							component="a"
							href={`/api/reports/${report}/charts/${chart}.svg`}
							download={`${name}.svg`}
							variant="default"
							size={30}
							aria-label={`Download ${title} as a picture`}
						>
							<ImageDown size={15} />
						</ActionIcon>
					</Tooltip>
					<Tooltip label="Download the table (CSV)">
						<ActionIcon
							variant="default"
							size={30}
							aria-label={`Download ${title} as a table`}
							onClick={() => saveCsv(name, values(twin))}
							data-keeps-panel
						>
							<Sheet size={15} />
						</ActionIcon>
					</Tooltip>
				</Group>
			</div>
			{drawn ? children : <TwinTable label={`${title}, as a table`} twin={twin} onFigure={onFigure} />}
			{drawn && note && (
				<Text size="xs" c="dimmed" mt="md">
					{note}
				</Text>
			)}
		</Card>
	);
}
