import { SegmentedControl, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { TopicMentionOut, TopicOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { useCan } from "@/api/session";
import { BrandChip } from "@/shared/BrandChip";
import { useKeys } from "@/shared/keys";
import { ShowMore } from "@/shared/ShowMore";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { Confidence, Tone } from "@/shared/Tone";
import { Ago } from "@/shared/time";
import { useSayTopic, useTopicMentions } from "./queries";
import classes from "./Topics.module.css";
import { YesNo } from "./YesNo";

const STANDINGS = [
	{ value: "maybe", label: "In doubt" },
	{ value: "yes", label: "About it" },
	{ value: "no", label: "Not about it" },
] as const;
type Verdict = "yes" | "no";
type Standing = (typeof STANDINGS)[number]["value"];

/** The mentions of a topic with the words that show it; the doubtful ones are judged by y and n, from the first on. */
export function TopicMentions({ topic }: { topic: TopicOut }) {
	const [standing, setStanding] = useState<Standing>(topic.maybe > 0 ? "maybe" : "yes");
	const list = useTopicMentions(topic.id, standing);
	const may = useCan("analyst");
	const say = useSayTopic();
	const found = list.data?.pages.flatMap(({ items }) => items) ?? [];
	// What was said just now, before the list knows of it: the next key means the next mention.
	const [answered, setAnswered] = useState<ReadonlyMap<string, Verdict>>(new Map());
	const answer = (id: string, verdict: Verdict | null) =>
		setAnswered((before) => {
			const after = new Map(before);
			if (verdict) after.set(id, verdict);
			else after.delete(id);
			return after;
		});
	const saidOf = (one: TopicMentionOut) => one.said ?? answered.get(one.mention_id) ?? null;
	const first = found.find((one) => !saidOf(one));
	const judge = (verdict: Verdict | null, one: TopicMentionOut | undefined) => {
		if (!one || !may) return;
		answer(one.mention_id, verdict);
		say({ mention: one.mention_id, topic: one.topic_id, title: one.title, verdict }, saidOf(one), () =>
			answer(one.mention_id, null),
		);
	};
	useKeys({ y: () => judge("yes", first), n: () => judge("no", first) });
	return (
		<>
			<SegmentedControl
				fullWidth
				aria-label="Which mentions"
				data={[...STANDINGS]}
				value={standing}
				onChange={(value) => setStanding(value as Standing)}
			/>
			{list.isPending ? (
				<LoadingPanel what="mentions" />
			) : failed(list) ? (
				<ProblemPanel error={list.error} retry={list.refetch} />
			) : found.length === 0 ? (
				<Text size="sm" c="dimmed">
					{
						{
							maybe: "Nothing is in doubt.",
							yes: topic.filling ? "Earlier mentions are being looked through." : "No mention is about it.",
							no: "Nobody has turned one down. What the machine takes for a no is not kept.",
						}[standing]
					}
				</Text>
			) : (
				<Stack component="ul" gap="sm" className={classes.list} aria-label="Mentions">
					{found.map((one) => (
						<li
							key={one.mention_id}
							className={classes.finding}
							data-current={(may && one === first && found.length > 1) || undefined}
						>
							<div className={classes.top}>
								<Link
									to="/stories"
									search={{ story: one.story_id, range: "all" }}
									className={classes.headline}
								>
									{one.headline}
								</Link>
								<YesNo
									said={saidOf(one)}
									about={one.title}
									onSay={may ? (verdict) => judge(verdict, one) : undefined}
								/>
							</div>
							{one.quote.field === "text" && one.quote.text !== one.headline && (
								<blockquote className={classes.words} dir="auto">
									{one.quote.text}
								</blockquote>
							)}
							<div className={classes.meta}>
								<BrandChip {...one.brand} />
								<Tone tone={one.tone} />
								{!saidOf(one) && <Confidence value={one.probability} />}
								<span>
									<bdi>{one.outlet}</bdi> · <Ago at={one.published_at} />
								</span>
							</div>
						</li>
					))}
				</Stack>
			)}
			<ShowMore list={list} />
		</>
	);
}
