import { Card, Text, Title } from "@mantine/core";
import type { ReportDocument } from "@/api/generated/types.gen";
import { plural } from "@/shared/numbers";
import { changed, interval, shown } from "./figures";
import classes from "./Report.module.css";
import type { Shows } from "./ReportBody";

export function ShareOfVoice({ document, onFigure }: Shows & { document: ReportDocument }) {
	const { rows, out_of, enough } = document.share;
	return (
		<Card padding="lg">
			<div className={classes.head}>
				<Title order={2} size="h5">
					Share of voice
				</Title>
				<Text size="xs" c="dimmed">
					of {plural(out_of, "story", "stories")}
				</Text>
			</div>
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
								<b style={{ width: `${(share.value ?? 0) * 100}%`, background: brand?.color }} />
								{range && (
									<i style={{ left: `${range.low * 100}%`, width: `${(range.high - range.low) * 100}%` }} />
								)}
							</span>
							<span className={classes.value}>
								{shown(share)}
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
			<Text size="xs" c="dimmed" mt="md">
				{enough
					? "The thin line is where the true share lies, 90 % sure."
					: "Few stories yet: the shares say as much about chance as about the brands."}
			</Text>
		</Card>
	);
}
