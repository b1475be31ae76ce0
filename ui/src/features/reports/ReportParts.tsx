import { Alert, Anchor, Card, List, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import type { Figure, ReportDocument } from "@/api/generated/types.gen";
import { useCan } from "@/api/session";
import { StatTile } from "@/shared/StatTile";
import { changed, interval, shown } from "./figures";
import classes from "./Report.module.css";

export type Shows = { open: string | undefined; onFigure: (figure: string) => void };
type Props = { document: ReportDocument };

/** What the tiles need of a document. */
type Headed = Pick<ReportDocument, "headline" | "share" | "brands"> &
	Partial<Pick<ReportDocument, "comparison">>;
type Which = "mentions" | "stories" | "outlets" | "share" | "tone";

/** The figures on top; the share of voice only where a template asks for it, since it has a chart of its own. */
export function Tiles({
	document: { headline, share, brands, comparison },
	which = ["mentions", "stories", "outlets", "tone"],
	...rest
}: Pick<Shows, "onFigure"> & { document: Headed; which?: readonly Which[] }) {
	const subjects = brands.filter(({ subject }) => subject);
	const voice = share.rows.find(({ brand_id }) => brand_id === subjects[0]?.id)?.share;
	const shows = {
		...rest,
		against: comparison ? "against the days compared with" : "against the range before",
	};
	const told = voice && subjects.length === 1 && brands.length > 1;
	return (
		<div className={classes.tiles}>
			{which.includes("mentions") && <Tile label="Mentions" figure={headline.mentions} {...shows} />}
			{which.includes("stories") && <Tile label="Stories" figure={headline.stories} {...shows} />}
			{which.includes("outlets") && <Tile label="Outlets" figure={headline.outlets} {...shows} />}
			{which.includes("share") && told && <Tile label="Share of voice" figure={voice} {...shows} />}
			{which.includes("tone") && <Tile label="Tone" figure={headline.tone} valued {...shows} />}
		</div>
	);
}

/** What one has to know before trusting the figures. */
export function Care({ document: { caveats } }: Props) {
	const may = useCan("viewer");
	if (caveats.length === 0) return null;
	return (
		<Alert color="yellow" icon={<TriangleAlert size={16} />} title="Read with care">
			<ul className={classes.caveats}>
				{caveats.map(({ code, text, action, href }) => (
					<li key={code + text}>
						{text}{" "}
						{!may ? null : href ? (
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
	);
}

export function Findings({ document: { findings }, onFigure }: Props & Shows) {
	if (findings.length === 0) return null;
	return (
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
	);
}

export function HowCounted({ document: { method } }: Props) {
	return (
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
	);
}

type TileProps = Pick<Shows, "onFigure"> & {
	label: string;
	figure: Figure;
	against: string;
	valued?: boolean;
};

function Tile({ label, figure, against, valued, onFigure }: TileProps) {
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
			about={figure.value === null ? "Not enough evidence" : (interval(figure) ?? (change && against))}
			onOpen={() => onFigure(figure.evidence)}
		/>
	);
}
