import { Badge, Button, Card, Checkbox, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { Check, SearchX } from "lucide-react";
import { useState } from "react";
import type { MentionOut } from "@/api/generated/types.gen";
import { BrandChip } from "@/shared/BrandChip";
import { RowName } from "@/shared/DataTable";
import { Quote } from "@/shared/Quote";
import { ShowMore } from "@/shared/ShowMore";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Confidence } from "@/shared/Tone";
import { Ago } from "@/shared/time";
import type { HandWork, MentionFilter } from "./deeds";
import classes from "./MentionCard.module.css";
import { MentionsBar } from "./MentionsBar";
import { type Deed, type WantedMentions as ListMentions, useRejected, type Wanted } from "./queries";
import { useSelection } from "./useSelection";

type Props = {
	wanted: Wanted;
	onOpen: (story: string) => void;
	onDeed: ((deed: Deed) => void) | undefined;
	onHand: ((work: HandWork, then?: () => void) => void) | undefined;
	busy: boolean;
};

type Because = "person" | "confidence";

/** Mentions that do not count, each with the reason why, and one button for the ones that should. */
export function RejectedList({
	wanted: { view: _, limit: __, tag: ___, ...wanted },
	onOpen,
	onDeed,
	onHand,
	busy,
}: Props) {
	const [because, setBecause] = useState<Because>();
	const asked = { ...wanted, ...(because && { because }) };
	const list = useRejected(asked);
	const mentions = list.data?.pages.flatMap(({ items }) => items) ?? [];
	const selection = useSelection(
		JSON.stringify(asked),
		mentions.map(({ id }) => id),
	);
	return (
		<Stack gap="sm">
			<SegmentedControl
				size="xs"
				w="fit-content"
				aria-label="Why it does not count"
				value={because ?? "all"}
				onChange={(value) => setBecause(value === "all" ? undefined : (value as Because))}
				data={[
					{ value: "all", label: "All" },
					{ value: "confidence", label: "Not sure enough" },
					{ value: "person", label: "You said no" },
				]}
			/>
			{list.isPending ? (
				<LoadingRows what="mentions" />
			) : list.isError ? (
				<ProblemPanel error={list.error} retry={list.refetch} />
			) : mentions.length === 0 ? (
				<Empty icon={SearchX} title="Nothing rejected">
					What turned out not to be your brand stays visible here, with the reasons.
				</Empty>
			) : (
				<>
					{mentions.map((mention) => (
						<Rejected
							key={mention.id}
							mention={mention}
							onOpen={onOpen}
							onDeed={onDeed}
							chosen={selection.all || selection.ids.has(mention.id)}
							onChoose={onHand && (() => selection.toggle(mention.id))}
						/>
					))}
					<ShowMore list={list} />
					{onHand && selection.ids.size > 0 && (
						<MentionsBar selection={selection} filter={filterOf(asked)} onHand={onHand} busy={busy} />
					)}
				</>
			)}
		</Stack>
	);
}

/** The filters of the list as a deed takes them. */
function filterOf({
	brand,
	q,
	tone,
	since,
	until,
	min_confidence,
	topic,
	because,
}: ListMentions): MentionFilter {
	return {
		standing: "rejected",
		brands: brand ?? [],
		tones: tone ?? [],
		q: q ?? null,
		since: since ?? null,
		until: until ?? null,
		min_confidence: min_confidence ?? null,
		topic: topic ?? null,
		because: because ?? null,
	};
}

type RejectedProps = Pick<Props, "onOpen" | "onDeed"> & {
	mention: MentionOut;
	chosen: boolean;
	onChoose: (() => void) | undefined;
};

function Rejected({ mention, onOpen, onDeed, chosen, onChoose }: RejectedProps) {
	const against = mention.reasons.find(({ weight = 0 }) => weight < 0) ?? mention.reasons[0];
	return (
		<Card padding="sm" className={classes.card} component="article">
			<Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
				<Group gap="xs">
					{onChoose && (
						<Checkbox size="xs" aria-label={`Choose ${mention.title}`} checked={chosen} onChange={onChoose} />
					)}
					<BrandChip {...mention.brand} />
					{mention.judgement === "no" ? (
						<Badge color="red">You said no</Badge>
					) : (
						<Confidence value={mention.confidence} />
					)}
				</Group>
				{onDeed && (
					<Button
						size="compact-sm"
						variant="light"
						leftSection={<Check size={14} />}
						onClick={() =>
							onDeed({
								kind: "judge",
								story: mention.story_id,
								mention: mention.id,
								verdict: "yes",
								before: mention.judgement,
							})
						}
					>
						It is {mention.brand.name}
					</Button>
				)}
			</Group>
			<div data-row={mention.story_id}>
				<RowName onClick={() => onOpen(mention.story_id)}>{mention.title}</RowName>
			</div>
			<Quote mention={mention} />
			<Text size="xs" c="dimmed">
				{mention.outlet || mention.site} · <Ago at={mention.published_at} />
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
