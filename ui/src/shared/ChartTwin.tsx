import { ActionIcon, Card, Group, SegmentedControl, Text, Title, Tooltip } from "@mantine/core";
import { Sheet } from "lucide-react";
import { type ReactNode, useState } from "react";
import { saveCsv } from "./csv";
import classes from "./Twin.module.css";
import { type Twin, TwinTable, values } from "./TwinTable";

type Props = {
	title: string;
	/** Of the title: 2 on a page, 3 in a panel. */
	level: 2 | 3;
	about?: ReactNode;
	twin: Twin;
	note?: ReactNode;
	/** What else it can be taken away as. */
	actions?: ReactNode;
	onFigure?: (figure: string) => void;
	/** The picture; without one the table stands for itself. */
	children?: ReactNode;
};

/** A picture, the table of the same numbers, and the table to take away. */
export function ChartTwin({ title, level, about, twin, note, actions, onFigure, children }: Props) {
	const [as, setAs] = useState("chart");
	const drawn = children !== undefined && as === "chart";
	return (
		<Card padding={level === 2 ? "lg" : "md"} component="section" aria-label={title}>
			<div className={classes.head}>
				<div>
					<Title order={level} size="h5">
						{title}
					</Title>
					{about && (
						<Text size="xs" c="dimmed" component="div">
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
					{actions}
					<Tooltip label="Download the table (CSV)">
						<ActionIcon
							variant="default"
							size={30}
							aria-label={`Download ${title} as a table`}
							onClick={() => saveCsv(title.toLowerCase().replaceAll(" ", "-"), values(twin))}
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
