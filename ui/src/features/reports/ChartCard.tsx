import { ActionIcon, Tooltip } from "@mantine/core";
import { ImageDown } from "lucide-react";
import type { ReactNode } from "react";
import { ChartTwin } from "@/shared/ChartTwin";
import type { Twin } from "@/shared/TwinTable";

type Props = {
	title: string;
	about?: ReactNode;
	/** Its name at the server, which draws the picture to download. */
	chart: "volume" | "share" | "tone" | "outlets";
	/** The report that the picture is part of; without one there is none to download. */
	report?: string | undefined;
	/** Of the title: 3 in a panel. */
	level?: 2 | 3;
	twin: Twin;
	note?: ReactNode;
	onFigure: (figure: string) => void;
	/** The picture; without one the table stands for itself. */
	children?: ReactNode;
};

/** A chart of a report, whose picture the server draws as well. */
export function ChartCard({ title, chart, report, level = 2, ...rest }: Props) {
	return (
		<ChartTwin
			title={title}
			level={level}
			{...rest}
			actions={
				report && (
					<Tooltip label="Download the picture (SVG)">
						<ActionIcon
							component="a"
							href={`/api/reports/${report}/charts/${chart}.svg`}
							download={`${title.toLowerCase().replaceAll(" ", "-")}.svg`}
							variant="default"
							size={30}
							aria-label={`Download ${title} as a picture`}
						>
							<ImageDown size={15} />
						</ActionIcon>
					</Tooltip>
				)
			}
		/>
	);
}
