import { Text } from "@mantine/core";
import type { ReportDocument } from "@/api/generated/types.gen";
import { plural } from "@/shared/numbers";
import type { Twin } from "@/shared/TwinTable";
import { ChartCard } from "./ChartCard";
import { changed, figureCell, interval, shown } from "./figures";
import classes from "./Report.module.css";
import type { Shows } from "./ReportParts";

type Voices = Pick<ReportDocument, "share" | "brands">;
type Props = Pick<Shows, "onFigure"> & { document: Voices; report?: string; level?: 2 | 3 };

export function ShareOfVoice({ document, report, level = 2, onFigure }: Props) {
	const { rows, out_of, enough } = document.share;
	return (
		<ChartCard
			title="Share of voice"
			about={`of ${plural(out_of, "story", "stories")}`}
			chart="share"
			report={report}
			level={level}
			twin={twinOf(document)}
			onFigure={onFigure}
			note={
				enough
					? "The thin line is where the true share lies, 90 % sure."
					: "Few stories yet: these are counts, since shares would say as much about chance as about the brands."
			}
		>
			<div className={classes.bars}>
				{rows.map(({ brand_id, share, stories }) => {
					const brand = document.brands.find(({ id }) => id === brand_id);
					const range = share.interval;
					return (
						<button
							key={brand_id}
							type="button"
							className={classes.bar}
							onClick={() => onFigure(share.evidence)}
							title={`${plural(stories, "story", "stories")}${range ? `, 90 % sure between ${interval(share)}` : ""}`}
							data-keeps-panel
						>
							<span>{brand?.name}</span>
							<span className={classes.track}>
								<b
									style={{
										width: `${(enough ? (share.value ?? 0) : stories / Math.max(out_of, 1)) * 100}%`,
										background: brand?.color,
									}}
								/>
								{range && (
									<i style={{ left: `${range.low * 100}%`, width: `${(range.high - range.low) * 100}%` }} />
								)}
							</span>
							<span className={classes.value}>
								{enough ? shown(share) : stories}
								{share.change_is_clear && (
									<Text span size="xs" c="dimmed" ml={6}>
										{changed(share)}
									</Text>
								)}
							</span>
						</button>
					);
				})}
			</div>
		</ChartCard>
	);
}

function twinOf({ share: { rows }, brands }: Voices): Twin {
	const name = (id: string) => brands.find((brand) => brand.id === id)?.name ?? "";
	return {
		columns: ["Brand", "Stories", "Share", "From", "To"],
		rows: rows.map(({ brand_id, stories, share }) => [
			{ value: name(brand_id) },
			{
				value: stories,
				figure: share.evidence,
				label: `${plural(stories, "story", "stories")} of ${name(brand_id)}`,
			},
			figureCell(share),
			figureCell({ value: share.interval?.low ?? null, unit: "share" }),
			figureCell({ value: share.interval?.high ?? null, unit: "share" }),
		]),
	};
}
