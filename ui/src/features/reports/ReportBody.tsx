import { Alert, Anchor, Card, List, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import type { Figure, ReportDocument } from "@/api/generated/types.gen";
import { StatTile } from "@/shared/StatTile";
import { changed, interval, shown } from "./figures";
import { MentionTable } from "./MentionTable";
import { Outlets } from "./Outlets";
import classes from "./Report.module.css";
import { ShareOfVoice } from "./ShareOfVoice";
import { ToneBars } from "./ToneBars";
import { TopStories } from "./TopStories";
import { Volume } from "./Volume";

export type Shows = { open: string | undefined; onFigure: (figure: string) => void };
type Props = Shows & { document: ReportDocument; report: string };

export function ReportBody({ document, report, open, onFigure }: Props) {
	const { headline, findings, caveats, method } = document;
	const shows = { open, onFigure };
	return (
		<Stack gap="md" className={classes.report}>
			<div className={classes.tiles}>
				<Tile label="Mentions" figure={headline.mentions} {...shows} />
				<Tile label="Stories" figure={headline.stories} {...shows} />
				<Tile label="Outlets" figure={headline.outlets} {...shows} />
				<Tile label="Tone" figure={headline.tone} valued {...shows} />
			</div>
			{caveats.length > 0 && (
				<Alert color="yellow" icon={<TriangleAlert size={16} />} title="Before you trust these figures">
					<ul className={classes.caveats}>
						{caveats.map(({ code, text, action, href }) => (
							<li key={code + text}>
								{text}{" "}
								{href ? (
									<Anchor size="sm" underline="always" renderRoot={(props) => <Link to={href} {...props} />}>
										{action}
									</Anchor>
								) : (
									`${action}.`
								)}
							</li>
						))}
					</ul>
				</Alert>
			)}
			{findings.length > 0 && (
				<Card padding="lg">
					<Title order={2} size="h5" mb="xs">
						What stands out
					</Title>
					<ul className={classes.findings}>
						{findings.map(({ code, text, source, evidence }) => (
							<li key={code + text}>
								<button
									type="button"
									className={classes.finding}
									onClick={() => onFigure(evidence)}
									data-keeps-panel
								>
									{text}
								</button>{" "}
								<Text span size="xs" c="dimmed">
									{source}
								</Text>
							</li>
						))}
					</ul>
				</Card>
			)}
			<Volume document={document} report={report} {...shows} />
			<div className={classes.halves}>
				<ShareOfVoice document={document} report={report} {...shows} />
				<ToneBars document={document} report={report} {...shows} />
			</div>
			<div className={classes.halves}>
				<TopStories document={document} {...shows} />
				<Outlets document={document} report={report} {...shows} />
			</div>
			<MentionTable document={document} />
			<Card padding="lg">
				<Title order={2} size="h5" mb="xs">
					How it was counted
				</Title>
				<List size="sm" spacing={4} c="dimmed">
					{method.rules.map((rule) => (
						<List.Item key={rule}>{rule}</List.Item>
					))}
				</List>
			</Card>
		</Stack>
	);
}

type TileProps = Shows & { label: string; figure: Figure; valued?: boolean };

function Tile({ label, figure, valued, onFigure }: TileProps) {
	const change = changed(figure);
	const sense = Math.sign(figure.change ?? 0);
	const color = !figure.change_is_clear || !valued ? "dimmed" : sense > 0 ? "var(--good)" : "var(--bad)";
	return (
		<StatTile
			label={label}
			value={shown(figure)}
			change={
				change && (
					<Text
						span
						size="sm"
						fw={550}
						c={color}
						className="numeric"
						title={figure.change_is_clear ? "More than chance would make" : "May well be chance"}
					>
						{change}
					</Text>
				)
			}
			about={
				figure.value === null
					? "Not enough evidence"
					: (interval(figure) ?? (change && "against the range before"))
			}
			onOpen={() => onFigure(figure.evidence)}
		/>
	);
}
