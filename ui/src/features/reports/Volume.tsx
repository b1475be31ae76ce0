import { Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";
import type { ReportDocument } from "@/api/generated/types.gen";
import { dayCell, type Twin } from "@/shared/TwinTable";
import { day } from "@/shared/time";
import { ChartCard } from "./ChartCard";
import type { Shows } from "./ReportParts";

const VolumeChart = lazy(() => import("./VolumeChart"));

type Days = Pick<ReportDocument, "volume" | "brands">;
type Props = Pick<Shows, "onFigure"> & { document: Days; report?: string; level?: 2 | 3 };

export function Volume({ document, report, level = 2, onFigure }: Props) {
	return (
		<ChartCard
			title="Mentions a day"
			chart="volume"
			report={report}
			level={level}
			twin={twinOf(document)}
			onFigure={onFigure}
			note="Each point opens its mentions; the table holds the same numbers."
		>
			<Suspense fallback={<Skeleton h={300} />}>
				<VolumeChart document={document} onFigure={onFigure} />
			</Suspense>
		</ChartCard>
	);
}

function twinOf({ volume: { days, series }, brands }: Days): Twin {
	const name = (id: string) => brands.find((brand) => brand.id === id)?.name ?? "";
	return {
		columns: ["Day", ...series.map(({ brand_id }) => name(brand_id))],
		rows: days.map((on, at) => [
			dayCell(on),
			...series.map(({ brand_id, mentions, evidence }) => ({
				value: mentions[at] ?? 0,
				figure: mentions[at] ? evidence[at] : undefined,
				label: `${mentions[at]} of ${name(brand_id)} on ${day(on)}`,
			})),
		]),
	};
}
