import { Alert, Anchor, Button, Group, Stack, Text, Title } from "@mantine/core";
import { ExternalLink, FlaskConical, Pause, Play, RefreshCw } from "lucide-react";
import type { FeedDetail } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { count } from "@/shared/numbers";
import { SlideOver } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { Ago } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import { FeedForm } from "./FeedForm";
import { FeedState } from "./FeedState";
import classes from "./Feeds.module.css";
import { NewFeed } from "./NewFeed";
import { Entries, Preview } from "./Preview";
import { useFeed, usePauseFeed, useRefreshFeed, useResumeFeed, useTestFeed } from "./queries";
import { Rhythm } from "./Rhythm";

type Props = { id: string; onClose: () => void; onOpen: (id: string) => void };

export function FeedPanel({ id, onClose, onOpen }: Props) {
	if (id === "new") {
		return (
			<SlideOver title="Follow a feed" onClose={onClose}>
				<NewFeed onOpen={onOpen} />
			</SlideOver>
		);
	}
	return <OpenFeed id={id} onClose={onClose} />;
}

function OpenFeed({ id, onClose }: Omit<Props, "onOpen">) {
	const feed = useFeed(id);
	return (
		<SlideOver
			title={feed.data ? feed.data.title || feed.data.url : "Feed"}
			about={
				feed.data && (
					<Anchor
						href={feed.data.url}
						target="_blank"
						rel="noreferrer noopener"
						size="sm"
						className={classes.address}
					>
						{feed.data.url} <ExternalLink size={12} aria-label="opens in a new tab" />
					</Anchor>
				)
			}
			onClose={onClose}
		>
			{feed.isPending ? (
				<LoadingPanel what="feed" />
			) : failed(feed) ? (
				<ProblemPanel error={feed.error} retry={feed.refetch} />
			) : (
				<FeedForm key={id} feed={feed.data}>
					<Stack gap="lg">
						<State feed={feed.data} />
						<Figures feed={feed.data} />
						{feed.data.rhythm && <Rhythm counts={feed.data.rhythm} />}
					</Stack>
				</FeedForm>
			)}
		</SlideOver>
	);
}

function State({ feed }: { feed: FeedDetail }) {
	const may = useCan("analyst");
	const refresh = useRefreshFeed();
	const pause = usePauseFeed();
	const resume = useResumeFeed();
	const test = useTestFeed();
	const path = { feed_id: feed.id };
	const onError = (error: unknown) => complain(sentence(error));
	return (
		<Stack gap="sm">
			{/* Above what a check says, which comes and goes. */}
			{may && (
				<Group gap="xs">
					<Button
						size="xs"
						variant="default"
						leftSection={<RefreshCw size={14} />}
						loading={refresh.isPending}
						disabled={feed.paused}
						onClick={() => refresh.mutate({ path }, { onSuccess: () => say("It is checked now"), onError })}
					>
						Check now
					</Button>
					<Button
						size="xs"
						variant="default"
						leftSection={<FlaskConical size={14} />}
						loading={test.isPending}
						onClick={() => test.mutate({ body: { url: feed.url } }, { onError })}
					>
						Test-fetch
					</Button>
					<Button
						size="xs"
						variant="default"
						leftSection={feed.paused ? <Play size={14} /> : <Pause size={14} />}
						loading={pause.isPending || resume.isPending}
						onClick={() => (feed.paused ? resume : pause).mutate({ path }, { onError })}
					>
						{feed.paused ? "Resume" : "Pause"}
					</Button>
				</Group>
			)}
			<Group gap="sm">
				<FeedState state={feed.state} />
				<Text size="sm" c="dimmed" className="sentence">
					{feed.check_reason}
				</Text>
			</Group>
			{feed.error_detail && (
				<Alert color={feed.state === "silent" ? "yellow" : "red"} title={feed.error_detail}>
					{feed.next_step}
					{feed.failures > 1 && ` It failed ${feed.failures} times in a row.`}
				</Alert>
			)}
			{feed.replacement_url && (
				<Alert color="iris" title="It seems to have moved">
					{feed.replacement_url}
				</Alert>
			)}
			{feed.moved_from && (
				<Text size="xs" c="dimmed">
					Moved here from {feed.moved_from}
				</Text>
			)}
			{test.data && <Preview preview={test.data} />}
		</Stack>
	);
}

function Figures({ feed }: { feed: FeedDetail }) {
	const figures: [string, React.ReactNode][] = [
		["Items stored", count(feed.entries)],
		["Last week", count(feed.entries_last_week)],
		["Usual week", feed.per_week === null ? "not known yet" : count(Math.round(feed.per_week))],
		["Newest item", feed.last_entry_at ? <Ago key="entry" at={feed.last_entry_at} /> : "–"],
		["Last checked", feed.last_checked_at ? <Ago key="check" at={feed.last_checked_at} /> : "–"],
		["Next check", feed.next_check_at ? <Ago key="next" at={feed.next_check_at} /> : "–"],
	];
	return (
		<>
			<dl className={classes.figures}>
				{figures.map(([name, value]) => (
					<div key={name}>
						<dt>{name}</dt>
						<dd>{value}</dd>
					</div>
				))}
			</dl>
			{feed.latest.length > 0 && (
				<section aria-labelledby="latest">
					<Title order={3} size="h6" mb={4} id="latest">
						Latest items
					</Title>
					<Entries entries={feed.latest.slice(0, 8)} />
				</section>
			)}
			{feed.notes.length > 0 && (
				<Text size="xs" c="dimmed">
					Forgiven while reading it: {feed.notes.join("; ")}
				</Text>
			)}
		</>
	);
}
