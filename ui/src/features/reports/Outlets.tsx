import { Card, Text, Title } from "@mantine/core";
import type { ReportDocument } from "@/api/generated/types.gen";
import { plural } from "@/shared/numbers";
import { ChartCard } from "./ChartCard";
import { figureCell } from "./figures";
import type { Shows } from "./ReportParts";

type Props = Pick<Shows, "onFigure"> & {
	document: Pick<ReportDocument, "outlets">;
	report?: string;
	level?: 2 | 3;
	/** How many of them are told; the picture holds all that the report has. */
	most?: number | undefined;
};

export function Outlets({ document, report, most, level = 2, onFigure }: Props) {
	if (document.outlets.length === 0) {
		return (
			<Card padding="lg">
				<Title order={level} size="h5" mb="sm">
					Outlets
				</Title>
				<Text size="sm" c="dimmed">
					No outlet wrote about it in this range.
				</Text>
			</Card>
		);
	}
	const rows = document.outlets
		.slice(0, most)
		.map(({ outlet, site, mentions, balance, evidence }) => [
			{ value: outlet || site },
			{ value: mentions, figure: evidence, label: `${plural(mentions, "mention")} in ${outlet || site}` },
			figureCell(balance),
		]);
	return (
		<ChartCard
			title="Outlets"
			chart="outlets"
			report={report}
			level={level}
			twin={{ columns: ["Outlet", "Mentions", "Tone"], rows }}
			onFigure={onFigure}
		/>
	);
}
