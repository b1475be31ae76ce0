import { Button, Card, Group, Progress, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import {
	countStoriesOptions,
	listFeedsOptions,
	listRunsOptions,
	listStoriesOptions,
} from "@/api/generated/@tanstack/react-query.gen";
import { onItsWay } from "@/api/problems";
import { BrandChip } from "@/shared/BrandChip";
import { count, plural } from "@/shared/numbers";
import { StatTile } from "@/shared/StatTile";
import { LoadingPanel } from "@/shared/states";
import { Tone } from "@/shared/Tone";
import { Ago } from "@/shared/time";
import classes from "./Welcome.module.css";

const GUARD = { refetchInterval: 2_000 };

/** The first scan as it happens: runs, items, and the stories that come out of them. */
export function ScanStep({ onDone }: { onDone: () => void }) {
	const runs = useQuery({ ...listRunsOptions({ query: { active: true, limit: 100 } }), ...GUARD });
	const feeds = useQuery({ ...listFeedsOptions({ query: { limit: 200 } }), ...GUARD });
	const stories = useQuery({ ...listStoriesOptions({ query: { view: "inbox", limit: 6 } }), ...GUARD });
	const counts = useQuery({ ...countStoriesOptions(), ...GUARD });

	const all = feeds.data?.items ?? [];
	const read = all.filter(({ last_checked_at }) => last_checked_at !== null);
	const active = runs.data?.items.filter(({ state }) => state === "queued" || state === "running") ?? [];
	const items = all.reduce((sum, { entries }) => sum + entries, 0);
	const over = feeds.isSuccess && runs.isSuccess && read.length === all.length && active.length === 0;
	const busy = active.find(({ state, progress }) => state === "running" && progress);
	const found = (counts.data?.inbox ?? 0) + (counts.data?.doubtful ?? 0);

	if ([runs, feeds, stories, counts].some(onItsWay)) return <LoadingPanel what="scan" />;
	return (
		<Card p={{ base: "md", xs: "xl" }} className={classes.card}>
			<Stack gap="lg">
				<div>
					<Title order={1}>{over ? "The first scan is done" : "Reading…"}</Title>
					<Text c="dimmed" size="sm" role="status" lineClamp={2} className={classes.says}>
						{over
							? `${plural(items, "item")} from ${plural(all.length, "feed")}.`
							: (busy?.progress?.text ??
								`${plural(active.length, "run")} at work. You need not wait for the end.`)}
					</Text>
				</div>
				<Progress
					value={over ? 100 : all.length > 0 ? Math.max(4, (100 * read.length) / (all.length + 1)) : 4}
					animated={!over}
					color={over ? "green" : "iris"}
					aria-label="Progress of the first scan"
				/>
				<SimpleGrid cols={{ base: 2, xs: 4 }} spacing="sm">
					<StatTile label="Feeds read" value={`${read.length}/${all.length}`} />
					<StatTile label="Items" value={count(items)} />
					<StatTile label="Stories" value={count(counts.data?.inbox ?? 0)} />
					<StatTile label="To judge" value={count(counts.data?.doubtful ?? 0)} />
				</SimpleGrid>
				{/* Above the stories, which come one by one. */}
				<Group justify="flex-end">
					<Button disabled={!over && found === 0} onClick={onDone}>
						Go on
					</Button>
				</Group>
				{stories.data && stories.data.items.length > 0 && (
					<ul className={classes.rows} aria-label="First stories">
						{stories.data.items.map((story) => {
							const lead = story.mentions[0];
							return (
								<li key={story.id} className={classes.arrives}>
									<div style={{ minWidth: 0 }}>
										<Text size="sm" fw={550} lineClamp={2}>
											{story.title}
										</Text>
										<Text size="xs" c="dimmed" component="div">
											<bdi>{story.headline.outlet || story.headline.site}</bdi> ·{" "}
											<Ago at={story.first_published_at} />
										</Text>
									</div>
									{lead && (
										<Group gap="xs" wrap="nowrap">
											<Tone tone={lead.tone} />
											<BrandChip {...lead.brand} />
										</Group>
									)}
								</li>
							);
						})}
					</ul>
				)}
				{over && found === 0 && (
					<Text size="sm">
						Nothing names your brands yet. That is an answer too: new items are read as they come, and other
						names or more feeds find more.
					</Text>
				)}
			</Stack>
		</Card>
	);
}
