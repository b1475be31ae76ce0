import { Alert, Anchor, Badge, Button, Card, Group, Skeleton, Stack, Text, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, ExternalLink } from "lucide-react";
import { useEffect, useRef } from "react";
import { readArticleOptions } from "@/api/generated/@tanstack/react-query.gen";
import type { ArticleOut, MentionOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { BrandChip } from "@/shared/BrandChip";
import { Page } from "@/shared/Page";
import { type Piece, pieces } from "@/shared/spans";
import { ProblemPanel } from "@/shared/states";
import { Confidence, Tone } from "@/shared/Tone";
import { moment } from "@/shared/time";
import classes from "./ArticlePage.module.css";
import { Reasons } from "./MentionCard";

type Props = { id: string; mention: string | undefined; onBack: () => void; onStory: (id: string) => void };

/** The article as it was fetched: every place that names a brand is marked, and can be proven by its hash. */
export function ArticlePage({ id, mention, onBack, onStory }: Props) {
	const article = useQuery(readArticleOptions({ path: { article_id: id } }));
	const back = (
		<Button variant="default" leftSection={<ArrowLeft size={16} />} onClick={onBack}>
			Back
		</Button>
	);
	if (article.isPending) {
		return (
			<Page title="Article" actions={back}>
				<Stack gap="sm" maw={760} role="status" aria-label="Loading article">
					{[92, 97, 88, 95, 60, 93, 90, 97, 40].map((width) => (
						<Skeleton key={width + Math.random()} h={13} w={`${width}%`} />
					))}
				</Stack>
			</Page>
		);
	}
	if (failed(article)) {
		return (
			<Page title="Article" actions={back}>
				<ProblemPanel error={article.error} retry={article.refetch} />
			</Page>
		);
	}
	return <Article article={article.data} mention={mention} back={back} onStory={onStory} />;
}

type Mark = { mention: MentionOut; first: boolean };

function marks(mentions: MentionOut[], field: "title" | "text") {
	const spans: { start: number; end: number; of: Mark }[] = [];
	for (const mention of mentions) {
		for (const place of mention.evidence) {
			if (place.field !== field) continue;
			spans.push({
				start: place.start,
				end: place.end,
				of: { mention, first: place === mention.evidence[0] },
			});
		}
	}
	return spans;
}

type ArticleProps = {
	article: ArticleOut;
	mention: string | undefined;
	back: React.ReactNode;
	onStory: (id: string) => void;
};

function Article({ article, mention, back, onStory }: ArticleProps) {
	const target = useRef<HTMLElement>(null);
	useEffect(() => target.current?.scrollIntoView({ block: "center" }), []);
	const show = (list: Piece<Mark>[]) =>
		list.map(({ text, start, of }) =>
			of ? (
				<mark
					key={start}
					ref={of.first && of.mention.id === mention ? target : undefined}
					className={classes.mark}
					data-asked={of.mention.id === mention || undefined}
					style={{ "--brand": of.mention.brand.color ?? "var(--tone-neutral)" } as React.CSSProperties}
					title={of.mention.brand.name}
				>
					{text}
				</mark>
			) : (
				text
			),
		);
	return (
		<Page
			title={article.title || article.url}
			long
			about={[
				article.outlet || article.site,
				article.authors.join(", "),
				article.published_at && moment(article.published_at),
			]
				.filter(Boolean)
				.join(" · ")}
			actions={
				<>
					{back}
					<Button
						component="a"
						href={article.url}
						target="_blank"
						rel="noreferrer noopener"
						variant="default"
						rightSection={<ExternalLink size={15} />}
					>
						Original
					</Button>
				</>
			}
		>
			<div className={classes.columns}>
				<article className={classes.text} lang={article.language ?? undefined} dir="auto">
					{article.text_problem && (
						<Alert color="yellow" mb="md">
							{article.text_problem}
						</Alert>
					)}
					{paragraphs(pieces(article.text, marks(article.mentions, "text")))
						.filter(
							({ start, list }) => start > 0 || list.some(({ of }) => of) || list[0]?.text !== article.title,
						)
						.map(({ start, list }) => (
							<p key={start}>{show(list)}</p>
						))}
				</article>
				<Stack component="aside" gap="md" aria-label="Evidence" className={classes.aside}>
					{article.mentions.map((found) => (
						<Card key={found.id} padding="md">
							<Stack gap={6}>
								<Group gap="xs">
									<BrandChip {...found.brand} />
									<Tone tone={found.tone} />
									{found.judgement && (
										<Badge color={found.judgement === "yes" ? "green" : "red"}>
											{found.judgement === "yes" ? "It is" : "It is not"}
										</Badge>
									)}
								</Group>
								<Confidence value={found.confidence} />
								<Reasons mention={found} />
							</Stack>
						</Card>
					))}
					<Card padding="md">
						<dl className={classes.facts}>
							<Fact name="Fetched" value={article.fetched_at && moment(article.fetched_at)} />
							<Fact name="First seen" value={article.first_seen_at && moment(article.first_seen_at)} />
							<Fact name="Changed" value={article.modified_at && moment(article.modified_at)} />
							<Fact name="Language" value={article.language} />
							<Fact name="Page, SHA-256" value={article.body_sha256} hash />
							<Fact name="Text, SHA-256" value={article.text_sha256} hash />
						</dl>
						<Anchor
							size="xs"
							href={article.url}
							target="_blank"
							rel="noreferrer noopener"
							className={classes.address}
						>
							{article.url}
						</Anchor>
					</Card>
					{article.story_id && (
						<Button variant="light" onClick={() => onStory(article.story_id ?? "")}>
							Open its story
						</Button>
					)}
				</Stack>
			</div>
		</Page>
	);
}

function Fact({ name, value, hash }: { name: string; value: string | null | undefined; hash?: boolean }) {
	if (!value) return null;
	return (
		<>
			<dt>{name}</dt>
			<dd>
				{hash ? (
					<Tooltip label={value} maw={320} multiline style={{ overflowWrap: "anywhere" }}>
						<code>{value.slice(0, 12)}…</code>
					</Tooltip>
				) : (
					<Text span size="xs">
						{value}
					</Text>
				)}
			</dd>
		</>
	);
}

/** Pieces gathered into paragraphs: a new one at each line break outside a mark. */
function paragraphs(list: Piece<Mark>[]): { start: number; list: Piece<Mark>[] }[] {
	const found: { start: number; list: Piece<Mark>[] }[] = [{ start: 0, list: [] }];
	for (const piece of list) {
		if (piece.of) {
			found.at(-1)?.list.push(piece);
			continue;
		}
		let at = piece.start;
		for (const [number, line] of piece.text.split(/\n+/).entries()) {
			if (number > 0) found.push({ start: at, list: [] });
			if (line) found.at(-1)?.list.push({ text: line, start: at, of: undefined });
			at += line.length + 1;
		}
	}
	return found.filter(({ list }) => list.length > 0);
}
