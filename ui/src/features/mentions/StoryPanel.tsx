import { ActionIcon, Alert, Button, Group, Kbd, Menu, Stack, Text, Title, Tooltip } from "@mantine/core";
import { Archive, ArchiveRestore, Check, ChevronDown, Star, Undo2, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { MentionOut, StoryDetail } from "@/api/generated/types.gen";
import { failed, onItsWay } from "@/api/problems";
import { BrandChip } from "@/shared/BrandChip";
import { useKeys } from "@/shared/keys";
import { plural } from "@/shared/numbers";
import { PanelBody, PanelFoot, SlideOver } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { TONES, type ToneName } from "@/shared/Tone";
import { moment } from "@/shared/time";
import { useStoryTopics } from "../topics/queries";
import type { HandWork } from "./deeds";
import { MentionCard } from "./MentionCard";
import { Origin } from "./Origin";
import { type Deed, useOpinions, useStory } from "./queries";
import classes from "./StoryPanel.module.css";
import { Tags } from "./Tags";
import { Timeline } from "./Timeline";

type Props = {
	id: string;
	onClose: () => void;
	onDeed: ((deed: Deed) => void) | undefined;
	onHand: ((work: HandWork, then?: () => void) => void) | undefined;
	tagging: boolean;
	onTagging: (tagging: boolean) => void;
	onJudgedAll: () => void;
};

export function StoryPanel({ id, onClose, onDeed, onHand, tagging, onTagging, onJudgedAll }: Props) {
	const story = useStory(id);
	// What is known of a mention besides stands in the middle of its card.
	const inCards = [useStoryTopics(id), useOpinions(id)];
	return (
		<SlideOver
			title={story.data?.title ?? "Story"}
			about={story.data && <About story={story.data} />}
			actions={story.data && onDeed && <Marks story={story.data} onDeed={onDeed} />}
			onClose={onClose}
		>
			{story.isPending || inCards.some(onItsWay) ? (
				<LoadingPanel what="story" />
			) : failed(story) ? (
				<ProblemPanel error={story.error} retry={story.refetch} />
			) : (
				<Story
					key={id}
					story={story.data}
					onDeed={onDeed}
					onHand={onHand}
					tagging={tagging}
					onTagging={onTagging}
					onJudgedAll={onJudgedAll}
				/>
			)}
		</SlideOver>
	);
}

type SayOfAllProps = {
	story: string;
	brand: MentionOut["brand"];
	number: number;
	onHand: (work: HandWork) => void;
};

/** Judges all mentions of a brand in a story at once, those of copies too. */
function SayOfAll({ story, brand, number, onHand }: SayOfAllProps) {
	const say = (kind: "yes" | "no" | "unjudge") =>
		onHand({ work: "say", kind, matching: { story, brands: [brand.id] } });
	return (
		<Menu position="bottom-end" shadow="md">
			<Menu.Target>
				<Button size="compact-xs" variant="subtle" rightSection={<ChevronDown size={13} aria-hidden />}>
					<Text span inherit truncate maw="14rem">
						All {number} of {brand.name}
					</Text>
				</Button>
			</Menu.Target>
			<Menu.Dropdown>
				<Menu.Label>
					All {number} mentions of {brand.name} here, with those of copies
				</Menu.Label>
				<Menu.Item leftSection={<Check size={14} />} onClick={() => say("yes")}>
					It is {brand.name}
				</Menu.Item>
				<Menu.Item leftSection={<X size={14} />} onClick={() => say("no")}>
					It is not
				</Menu.Item>
				<Menu.Item leftSection={<Undo2 size={14} />} onClick={() => say("unjudge")}>
					Not judged
				</Menu.Item>
			</Menu.Dropdown>
		</Menu>
	);
}

function About({ story }: { story: StoryDetail }) {
	return (
		<>
			{plural(story.articles, "article")} in {plural(story.outlets, "outlet")}
			{story.reprints > 0 && `, ${plural(story.reprints, "reprint")}`} · {story.articles > 1 && "since "}
			{moment(story.first_published_at)}
		</>
	);
}

function Marks({ story, onDeed }: { story: StoryDetail; onDeed: (deed: Deed) => void }) {
	const star = story.starred ? "Take the star off" : "Star";
	const archive = story.archived ? "Back to the inbox" : "Archive";
	return (
		<>
			<Tooltip label={`${star} (s)`}>
				<ActionIcon
					variant="subtle"
					color="gray"
					aria-label={`${star} this story`}
					onClick={() => onDeed({ kind: "star", story: story.id, on: !story.starred })}
				>
					<Star size={17} fill={story.starred ? "var(--tone-mixed)" : "none"} />
				</ActionIcon>
			</Tooltip>
			<Tooltip label={`${archive} (e)`}>
				<ActionIcon
					variant="subtle"
					color="gray"
					aria-label={`${archive} this story`}
					onClick={() => onDeed({ kind: "archive", story: story.id, on: !story.archived })}
				>
					{story.archived ? <ArchiveRestore size={17} /> : <Archive size={17} />}
				</ActionIcon>
			</Tooltip>
		</>
	);
}

/** The mentions to judge: one a brand and article, those of reprints left out while their original is there. */
function toJudge(story: StoryDetail): MentionOut[] {
	const all = story.timeline.flatMap(({ mentions }) => mentions);
	const originals = all.filter(({ reprint_of }) => reprint_of === null);
	return originals.length > 0 ? originals : all;
}

type StoryProps = Omit<Props, "id" | "onClose"> & { story: StoryDetail };

function Story({ story, onDeed, onHand, tagging, onTagging, onJudgedAll }: StoryProps) {
	const mentions = toJudge(story);
	const topics = useStoryTopics(story.id).data ?? [];
	const opinions = new Map(useOpinions(story.id).data?.map((one) => [one.mention_id, one]));
	const [chosen, setChosen] = useState<string>();
	const waiting = mentions.find(({ judgement }) => !judgement) ?? mentions[0];
	// What others judge meanwhile does not put another mention under one's keys.
	const [began] = useState(waiting?.id);
	const current = mentions.find(({ id }) => id === (chosen ?? began)) ?? waiting;
	const card = useRef<HTMLDivElement>(null);

	// biome-ignore lint/correctness/useExhaustiveDependencies: the card to judge comes into view when it is another one
	useEffect(() => {
		if (chosen !== undefined) card.current?.scrollIntoView({ block: "nearest" });
	}, [current?.id, chosen]);

	const judge = (verdict: "yes" | "no", mention = current) => {
		if (!mention || !onDeed) return;
		onDeed({ kind: "judge", story: story.id, mention: mention.id, verdict, before: mention.judgement });
		const left = mentions.filter(({ id, judgement }) => id !== mention.id && !judgement);
		if (left[0]) setChosen(left[0].id);
		else onJudgedAll();
	};
	const everywhere = story.timeline.flatMap(({ mentions }) => mentions);
	const alike = (mention: MentionOut) => everywhere.filter(({ brand }) => brand.id === mention.brand.id);
	const say = (tone: ToneName | null, mention = current, all = false) => {
		if (!mention || !onDeed) return;
		const meant = all ? alike(mention) : [mention];
		onDeed({
			kind: "tone",
			story: story.id,
			tones: meant.map(({ id }) => ({ mention_id: id, tone })),
			before: meant.map(({ id, tone, tone_read }) => ({ mention_id: id, tone: tone_read ? tone : null })),
		});
	};
	useKeys({
		y: () => judge("yes"),
		n: () => judge("no"),
		...Object.fromEntries(Object.keys(TONES).map((tone, at) => [`${at + 1}`, () => say(tone as ToneName)])),
		"0": () => current?.tone_read && say(null),
	});

	return (
		<>
			<PanelBody>
				<Stack gap="lg">
					<div>
						<Text size="sm">{story.why}</Text>
						<Tags story={story} onHand={onHand} tagging={tagging} onTagging={onTagging} />
					</div>
					<section aria-labelledby="mentions">
						<Group justify="space-between" mb="xs">
							<Title order={3} size="h6" id="mentions">
								{mentions.length === 1 ? "The mention" : `${mentions.length} mentions`}
							</Title>
							{onHand && current && alike(current).length > 1 && (
								<SayOfAll
									story={story.id}
									brand={current.brand}
									number={alike(current).length}
									onHand={onHand}
								/>
							)}
						</Group>
						<Stack gap="sm">
							{mentions.map((mention) => (
								<MentionCard
									key={mention.id}
									ref={mention.id === current?.id ? card : undefined}
									mention={mention}
									current={mentions.length > 1 && mention.id === current?.id}
									opinion={opinions.get(mention.id)}
									mayAsk={onDeed !== undefined}
									topics={topics.filter(({ mention_id }) => mention_id === mention.id)}
									alike={alike(mention).length}
									onTone={onDeed && ((tone, all) => say(tone, mention, all))}
									onJudge={onDeed && ((verdict) => judge(verdict, mention))}
									onWithdraw={
										onDeed &&
										(() =>
											onDeed({
												kind: "judge",
												story: story.id,
												mention: mention.id,
												verdict: null,
												before: mention.judgement,
											}))
									}
								/>
							))}
							{mentions.length === 0 && (
								<Alert color="gray">None of its articles names a brand of yours any more.</Alert>
							)}
						</Stack>
					</section>
					<Origin story={story} onHand={onHand} />
					<Timeline story={story} onHand={onHand} />
				</Stack>
			</PanelBody>
			{onDeed && current && (
				<PanelFoot>
					<Group gap={6} mr="auto" className={classes.asks}>
						<Text size="sm">Is this</Text>
						<BrandChip {...current.brand} />
						<Text size="sm">?</Text>
					</Group>
					<Button
						variant={current.judgement === "no" ? "filled" : "default"}
						color={current.judgement === "no" ? "red.8" : undefined}
						leftSection={<X size={16} />}
						rightSection={<Kbd className={classes.key}>n</Kbd>}
						onClick={() => judge("no")}
					>
						No
					</Button>
					<Button
						variant={current.judgement === "yes" ? "filled" : "default"}
						color={current.judgement === "yes" ? "green.9" : undefined}
						leftSection={<Check size={16} />}
						rightSection={<Kbd className={classes.key}>y</Kbd>}
						onClick={() => judge("yes")}
					>
						Yes
					</Button>
				</PanelFoot>
			)}
		</>
	);
}
