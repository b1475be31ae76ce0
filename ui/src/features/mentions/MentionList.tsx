import {
	ActionIcon,
	Badge,
	Button,
	Card,
	Checkbox,
	Group,
	SegmentedControl,
	Stack,
	Text,
	Tooltip,
} from "@mantine/core";
import { Check, CircleCheck, SearchX, X } from "lucide-react";
import { useEffect, useState } from "react";
import type { ListedMention } from "@/api/generated/types.gen";
import { useWho } from "@/api/people";
import { failed } from "@/api/problems";
import { BrandChip } from "@/shared/BrandChip";
import { RowName } from "@/shared/DataTable";
import { useKeys, useNeighbourKeys } from "@/shared/keys";
import { count } from "@/shared/numbers";
import { Quote } from "@/shared/Quote";
import { ShowMore } from "@/shared/ShowMore";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Confidence, TONES, Tone, type ToneName } from "@/shared/Tone";
import { Ago } from "@/shared/time";
import type { HandWork, MentionFilter } from "./deeds";
import classes from "./MentionCard.module.css";
import { MentionsBar } from "./MentionsBar";
import { type Deed, type WantedMentions as ListMentions, useMentions, type Wanted } from "./queries";
import { useSelection } from "./useSelection";

type Props = {
	/** Those that do not count, that wait for a person's word, or that a model reads otherwise. */
	of: "rejected" | "doubtful" | "otherwise";
	wanted: Wanted;
	/** The story that is open beside the list. */
	open: string | undefined;
	onOpen: (story: string) => void;
	onDeed: ((deed: Deed) => void) | undefined;
	onHand: ((work: HandWork, then?: () => void) => void) | undefined;
	busy: boolean;
};

type Because = "person" | "confidence";

/** Mentions one by one, each with the reason for or against it; some or all of them are judged at once. */
export function MentionList({
	of,
	wanted: { view: _, limit: __, ...wanted },
	open,
	onOpen,
	onDeed,
	onHand,
	busy,
}: Props) {
	const [because, setBecause] = useState<Because>();
	const asked: ListMentions = {
		...wanted,
		...(of === "otherwise" ? { opinion: of } : { standing: of }),
		...(because && { because }),
		// Nobody is asked about what was put away.
		...(of !== "rejected" && { archived: false }),
	};
	const list = useMentions(asked);
	const mentions = list.data?.pages.flatMap(({ items }) => items) ?? [];
	const ids = mentions.map(({ id }) => id);
	const selection = useSelection(JSON.stringify(asked), ids);
	const choosing = onHand !== undefined && selection.ids.size > 0;

	const [at, setAt] = useState<string>();
	const current = mentions.find(({ id }) => id === at);
	// biome-ignore lint/correctness/useExhaustiveDependencies: only another open story moves it, not a list that has changed
	useEffect(() => {
		// Another story was opened: its first mention here is meant, unless one of it is already.
		if (open && current?.story_id !== open) setAt(mentions.find(({ story_id }) => story_id === open)?.id);
	}, [open]);
	useNeighbourKeys(ids, at, (id) => {
		setAt(id);
		const story = mentions.find((one) => one.id === id)?.story_id;
		if (open && story) onOpen(story);
	});
	const judge = (mention: ListedMention, verdict: "yes" | "no") =>
		onDeed?.({
			kind: "judge",
			story: mention.story_id,
			mention: mention.id,
			verdict,
			before: mention.judgement,
		});
	const say = (mention: ListedMention, tone: ToneName | null) =>
		onDeed?.({
			kind: "tone",
			story: mention.story_id,
			tones: [{ mention_id: mention.id, tone }],
			before: [{ mention_id: mention.id, tone: mention.tone_read ? mention.tone : null }],
		});
	/** Judged, it leaves the list: the one after it is the next to look at. */
	const judgeCurrent = (verdict: "yes" | "no") => {
		if (!current) return;
		judge(current, verdict);
		setAt(ids[ids.indexOf(current.id) + 1] ?? ids[ids.indexOf(current.id) - 1]);
	};
	useKeys({
		...(onHand && {
			x: () => current && selection.toggle(current.id),
			X: () => current && selection.upTo(current.id),
		}),
		...(onDeed &&
			!open && {
				y: () => judgeCurrent("yes"),
				n: () => judgeCurrent("no"),
				...Object.fromEntries(
					Object.keys(TONES).map((tone, place) => [
						`${place + 1}`,
						() => current && say(current, tone as ToneName),
					]),
				),
				"0": () => current?.tone_read && say(current, null),
			}),
	});

	return (
		<Stack gap="sm">
			{of === "rejected" && (
				<SegmentedControl
					size="xs"
					w="fit-content"
					aria-label="Why it does not count"
					value={because ?? "all"}
					onChange={(value) => setBecause(value === "all" ? undefined : (value as Because))}
					data={[
						{ value: "all", label: "All" },
						{ value: "confidence", label: "Not sure enough" },
						{ value: "person", label: "Somebody said no" },
					]}
				/>
			)}
			{list.isPending ? (
				<LoadingRows what="mentions" />
			) : failed(list) ? (
				<ProblemPanel error={list.error} retry={list.refetch} />
			) : mentions.length === 0 ? (
				<Nothing of={of} />
			) : (
				<>
					<Stack component="ul" gap="sm" className={classes.mentions} aria-label="Mentions">
						{mentions.map((mention) => (
							<Row
								key={mention.id}
								mention={mention}
								current={mention.id === at}
								onOpen={(story) => {
									setAt(mention.id);
									onOpen(story);
								}}
								onJudge={onDeed && ((verdict) => judge(mention, verdict))}
								chosen={selection.all || selection.ids.has(mention.id)}
								onChoose={
									onHand && ((upTo) => (upTo ? selection.upTo(mention.id) : selection.toggle(mention.id)))
								}
							/>
						))}
					</Stack>
					<ShowMore list={list} />
					{choosing && (
						<MentionsBar
							selection={selection}
							filter={filterOf(asked)}
							onHand={onHand}
							busy={busy}
							keys={!open}
						/>
					)}
				</>
			)}
		</Stack>
	);
}

function Nothing({ of }: Pick<Props, "of">) {
	if (of === "otherwise") {
		return (
			<Empty icon={CircleCheck} title="Nothing read otherwise">
				When a model takes for your brand what was rejected, or for something else what counts, it stands
				here. Which mentions it is asked about is chosen under Settings, Models.
			</Empty>
		);
	}
	return of === "rejected" ? (
		<Empty icon={SearchX} title="Nothing rejected">
			What turned out not to be your brand stays visible here, with the reasons.
		</Empty>
	) : (
		<Empty icon={CircleCheck} title="Nothing doubtful">
			When the hound is not sure whether a text means your brand, it asks you here.
		</Empty>
	);
}

/** The filters of the list as a deed takes them. */
function filterOf({
	standing,
	brand,
	q,
	tone,
	since,
	until,
	min_confidence,
	topic,
	because,
	tag,
	archived,
	opinion,
}: ListMentions): MentionFilter {
	return {
		standing: standing ?? null,
		brands: brand ?? [],
		tones: tone ?? [],
		q: q ?? null,
		since: since ?? null,
		until: until ?? null,
		min_confidence: min_confidence ?? null,
		topic: topic ?? null,
		because: because ?? null,
		tags: tag ?? [],
		archived: archived ?? null,
		opinion: opinion ?? null,
	};
}

type RowProps = {
	mention: ListedMention;
	current: boolean;
	chosen: boolean;
	onOpen: (story: string) => void;
	onJudge: ((verdict: "yes" | "no") => void) | undefined;
	onChoose: ((upTo: boolean) => void) | undefined;
};

function Row({ mention, current, chosen, onOpen, onJudge, onChoose }: RowProps) {
	const isRead = mention.opinion === "yes" || mention.opinion === "no";
	const who = useWho(mention.judgement !== null);
	/** Whether both answers would change something; of what was rejected only the one. */
	const open = mention.standing !== "rejected";
	const against = mention.reasons.find(({ weight = 0 }) => weight < 0) ?? mention.reasons[0];
	return (
		<Card
			padding="sm"
			className={classes.card}
			component="li"
			data-row={mention.id}
			data-current={current || undefined}
			data-chosen={chosen || undefined}
			aria-current={current || undefined}
		>
			<Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
				<Group gap="xs">
					{onChoose && (
						<Checkbox
							size="xs"
							className={classes.choose}
							aria-label={`Choose ${mention.title}`}
							checked={chosen}
							onClick={(event) => {
								if (!event.shiftKey) return;
								event.preventDefault();
								onChoose(true);
							}}
							onChange={() => onChoose(false)}
						/>
					)}
					<BrandChip {...mention.brand} />
					{open && <Tone tone={mention.tone} />}
					{mention.judgement === "no" ? (
						<Badge color="red">
							<span className={`sentence ${classes.who}`}>{who(mention.judged_by)} said no</span>
						</Badge>
					) : (
						<Confidence value={mention.confidence} />
					)}
					{isRead && mention.judgement === null && (
						<Badge color={mention.opinion === "yes" ? "green" : "red"} variant="light">
							{`A model: it is${mention.opinion === "yes" ? "" : " not"}`}
						</Badge>
					)}
				</Group>
				{onJudge &&
					(open ? (
						<Group gap={4} wrap="nowrap">
							<Tooltip label={`It is not ${mention.brand.name} (n)`}>
								<ActionIcon
									variant="default"
									aria-label={`It is not ${mention.brand.name}`}
									onClick={() => onJudge("no")}
								>
									<X size={15} />
								</ActionIcon>
							</Tooltip>
							<Tooltip label={`It is ${mention.brand.name} (y)`}>
								<ActionIcon
									variant="default"
									aria-label={`It is ${mention.brand.name}`}
									onClick={() => onJudge("yes")}
								>
									<Check size={15} />
								</ActionIcon>
							</Tooltip>
						</Group>
					) : (
						<Button
							size="compact-sm"
							variant="light"
							leftSection={<Check size={14} />}
							onClick={() => onJudge("yes")}
						>
							It is {mention.brand.name}
						</Button>
					))}
			</Group>
			<div>
				<RowName onClick={() => onOpen(mention.story_id)}>{mention.title}</RowName>
			</div>
			<Quote mention={mention} />
			<Text size="xs" c="dimmed">
				<bdi>{mention.outlet || mention.site}</bdi> · <Ago at={mention.published_at} />
				{against && (
					<>
						{" "}
						· <span className="sentence">{against.text}</span>
					</>
				)}
			</Text>
		</Card>
	);
}

type Way = "stories" | "mentions" | "otherwise";
type WaysProps = {
	way: Way;
	/** Mentions that a model reads otherwise, of all days. */
	otherwise: number;
	onChange: (way: Way) => void;
};

/** What waits for a word, as whole stories or mention by mention; and what a model reads otherwise than it stands. */
export function Ways({ way, otherwise, onChange }: WaysProps) {
	return (
		<SegmentedControl
			size="xs"
			w="fit-content"
			aria-label="What to look at"
			value={way}
			onChange={(value) => onChange(value as Way)}
			data={[
				{ value: "stories", label: "Whole stories" },
				{ value: "mentions", label: "Single mentions" },
				{
					value: "otherwise",
					label: otherwise > 0 ? `Read otherwise ${count(otherwise)}` : "Read otherwise",
				},
			]}
		/>
	);
}
