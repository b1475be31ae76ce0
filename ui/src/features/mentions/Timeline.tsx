import { Badge, Button, Checkbox, Group, Text, Title } from "@mantine/core";
import { useState } from "react";
import type { StoryArticleOut, StoryDetail } from "@/api/generated/types.gen";
import { percent, plural } from "@/shared/numbers";
import { moment } from "@/shared/time";
import { ArticleLinks } from "./ArticleLinks";
import type { HandWork } from "./deeds";
import classes from "./Timeline.module.css";

const RELATIONS: Record<StoryArticleOut["relation"], { label: string; color: string }> = {
	original: { label: "First", color: "iris" },
	reprint: { label: "Reprint", color: "gray" },
	update: { label: "Update", color: "yellow" },
	related: { label: "Own words", color: "teal" },
};

type Props = {
	story: StoryDetail;
	onHand: ((work: HandWork, then?: () => void) => void) | undefined;
};

/** Who wrote it when, in own words or copied from whom, in order of time; and where articles are sorted out by hand. */
export function Timeline({ story, onHand }: Props) {
	const [chosen, setChosen] = useState<ReadonlySet<string>>();
	const done = () => setChosen(undefined);
	const sorting = onHand && chosen !== undefined;
	return (
		<section aria-labelledby="timeline">
			<Group justify="space-between" mb="xs">
				<Title order={3} size="h6" id="timeline">
					Timeline
				</Title>
				{onHand && story.timeline.length > 1 && !sorting && (
					<Button size="compact-xs" variant="subtle" color="gray" onClick={() => setChosen(new Set())}>
						Sort out
					</Button>
				)}
			</Group>
			{sorting && (
				<Sorting story={story} chosen={[...chosen]} onDone={done} onHand={(work) => onHand(work, done)} />
			)}
			<ol className={classes.timeline}>
				{story.timeline.map((article) => (
					<li key={article.article_id} data-relation={article.relation}>
						{sorting ? (
							<Checkbox
								checked={chosen.has(article.article_id)}
								onChange={() => {
									const next = new Set(chosen);
									if (!next.delete(article.article_id)) next.add(article.article_id);
									setChosen(next);
								}}
								label={`${article.outlet || article.site}: ${article.title}`}
							/>
						) : (
							<Told article={article} story={story} />
						)}
					</li>
				))}
			</ol>
		</section>
	);
}

function Sorting({
	story,
	chosen,
	onDone,
	onHand,
}: {
	story: StoryDetail;
	chosen: string[];
	onDone: () => void;
	onHand: (work: HandWork) => void;
}) {
	const [only] = chosen;
	return (
		<div className={classes.sorting}>
			<Text size="xs" c="dimmed">
				Choose what is another story: it gets one of its own with what copies it, and new copies follow.
				Choose one to let it speak for this story.
			</Text>
			<Group gap="xs">
				<Button
					size="compact-sm"
					disabled={chosen.length === 0 || chosen.length === story.timeline.length}
					onClick={() => onHand({ work: "split", story: story.id, articles: chosen })}
				>
					{chosen.length > 0 ? `Split off ${plural(chosen.length, "article")}` : "Split off"}
				</Button>
				<Button
					size="compact-sm"
					variant="default"
					disabled={chosen.length !== 1 || only === story.headline.article_id}
					onClick={() => only && onHand({ work: "headline", story: story.id, article: only })}
				>
					Make it the headline
				</Button>
				<Button size="compact-sm" variant="subtle" color="gray" onClick={onDone}>
					Cancel
				</Button>
			</Group>
		</div>
	);
}

function Told({ article, story }: { article: StoryArticleOut; story: StoryDetail }) {
	const { label, color } = RELATIONS[article.relation];
	return (
		<>
			<Group gap="xs">
				<Text size="sm" fw={600}>
					{article.outlet || article.site}
				</Text>
				<Badge color={color} size="sm">
					{label}
				</Badge>
				{article.wire && !article.wire.itself && (
					<Badge color="gray" variant="outline" size="sm" tt="none">
						{article.wire.kind === "releases" ? `Press release, ${article.wire.name}` : article.wire.name}
					</Badge>
				)}
				<Text size="xs" c="dimmed">
					{moment(article.published_at)}
					{!article.is_dated && " when it was seen: it states no date"}
				</Text>
			</Group>
			<Copied article={article} />
			{article.title !== story.title && <Text size="sm">{article.title}</Text>}
			<ArticleLinks article={article.article_id} url={article.url} />
		</>
	);
}

function Copied({ article }: { article: StoryArticleOut }) {
	if (article.relation === "original" || (!article.copied_from && article.containment === null)) return null;
	const share = article.containment !== null && `${percent(article.containment)} word for word`;
	const from = article.copied_from && `Copied from ${article.copied_from}`;
	return (
		<Text size="xs" c="dimmed">
			{[from, share].filter(Boolean).join(", ")}
		</Text>
	);
}
