import { Badge, Group, Text, Title } from "@mantine/core";
import type { StoryArticleOut, StoryDetail } from "@/api/generated/types.gen";
import { percent } from "@/shared/numbers";
import { moment } from "@/shared/time";
import { ArticleLinks } from "./ArticleLinks";
import classes from "./Timeline.module.css";

const RELATIONS: Record<StoryArticleOut["relation"], { label: string; color: string }> = {
	original: { label: "First", color: "iris" },
	reprint: { label: "Reprint", color: "gray" },
	update: { label: "Update", color: "yellow" },
	related: { label: "Own words", color: "teal" },
};

/** Who wrote it first, who copied it and how much, in order of time. */
export function Timeline({ story }: { story: StoryDetail }) {
	return (
		<section aria-labelledby="timeline">
			<Title order={3} size="h6" mb="xs" id="timeline">
				Timeline
			</Title>
			<ol className={classes.timeline}>
				{story.timeline.map((article) => {
					const { label, color } = RELATIONS[article.relation];
					return (
						<li key={article.article_id} data-relation={article.relation}>
							<Group gap="xs">
								<Text size="sm" fw={600}>
									{article.outlet || article.site}
								</Text>
								<Badge color={color} size="sm">
									{label}
								</Badge>
								<Text size="xs" c="dimmed">
									{moment(article.published_at)}
									{article.containment !== null &&
										article.relation !== "original" &&
										` · ${percent(article.containment)} word for word`}
								</Text>
							</Group>
							{article.title !== story.title && <Text size="sm">{article.title}</Text>}
							<ArticleLinks article={article.article_id} url={article.url} />
						</li>
					);
				})}
			</ol>
		</section>
	);
}
