import { Badge, Button, Card, Group, SegmentedControl, Stack, Text } from "@mantine/core";
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
import classes from "./MentionCard.module.css";
import { type Deed, useRejected, type Wanted } from "./queries";

type Props = {
	wanted: Wanted;
	onOpen: (story: string) => void;
	onDeed: ((deed: Deed) => void) | undefined;
};

type Because = "person" | "confidence";

/** Mentions that do not count, each with the reason why, and one button for the ones that should. */
export function RejectedList({ wanted: { view: _, limit: __, ...wanted }, onOpen, onDeed }: Props) {
	const [because, setBecause] = useState<Because>();
	const list = useRejected({ ...wanted, ...(because && { because }) });
	const mentions = list.data?.pages.flatMap(({ items }) => items) ?? [];
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
						<Rejected key={mention.id} mention={mention} onOpen={onOpen} onDeed={onDeed} />
					))}
					<ShowMore list={list} />
				</>
			)}
		</Stack>
	);
}

function Rejected({ mention, onOpen, onDeed }: Omit<Props, "wanted"> & { mention: MentionOut }) {
	const against = mention.reasons.find(({ weight = 0 }) => weight < 0) ?? mention.reasons[0];
	return (
		<Card padding="sm" className={classes.card} component="article">
			<Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
				<Group gap="xs">
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
