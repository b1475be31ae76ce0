import { Card, Group, Text, Title } from "@mantine/core";
import type { ReportDocument } from "@/api/generated/types.gen";
import { plural } from "@/shared/numbers";
import { Tone } from "@/shared/Tone";
import { momentIn } from "@/shared/time";
import classes from "./Report.module.css";
import type { Shows } from "./ReportParts";

type Props = Shows & { document: ReportDocument; heading?: string | undefined; quotes?: boolean };

export function TopStories({ document, heading, quotes = true, onFigure }: Props) {
	return (
		<Card padding="lg">
			<div className={classes.head}>
				<Title order={2} size="h5">
					{heading || "Top stories"}
				</Title>
			</div>
			{document.stories.length === 0 ? (
				<Text size="sm" c="dimmed">
					No story in this range.
				</Text>
			) : (
				<ol className={classes.stories}>
					{document.stories.map((story) => (
						<li key={story.id}>
							<button
								type="button"
								className={classes.finding}
								style={{ fontWeight: 600, fontSize: 14, textDecorationColor: "transparent" }}
								onClick={() => onFigure(story.evidence)}
								data-keeps-panel
							>
								{story.title}
							</button>
							{quotes && story.quote && story.quote !== story.title && (
								<p className={classes.quote}>“{story.quote}”</p>
							)}
							<Group gap="xs">
								<Tone tone={story.tone} />
								<Text size="xs" c="dimmed">
									{story.first_outlet}, {momentIn(story.first_published_at, document.time_zone)}
									{story.articles > 1 &&
										` · ${plural(story.articles, "article")} in ${plural(story.outlets, "outlet")}${story.reprints ? `, ${plural(story.reprints, "reprint")}` : ""}`}
								</Text>
							</Group>
						</li>
					))}
				</ol>
			)}
		</Card>
	);
}
