import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { History } from "lucide-react";
import { useState } from "react";
import type { DeedOut } from "@/api/generated/types.gen";
import { useWho } from "@/api/people";
import { failed } from "@/api/problems";
import { ShowMore } from "@/shared/ShowMore";
import { PanelBody, SlideOver } from "@/shared/SlideOver";
import { Empty, LoadingPanel, ProblemPanel } from "@/shared/states";
import { Ago } from "@/shared/time";
import classes from "./DeedsPanel.module.css";
import { deedInWords, deedObjects, useDeedsDone, useStoryDeed, useUndoDeed } from "./deeds";

const STATES = { doing: "At work", undoing: "Taking back", undone: "Taken back" } as const;

type Props = { onTakeBack: (deed: string) => void; onClose: () => void };

/** What people did to stories, each with the button that takes it back. */
export function DeedsPanel({ onTakeBack, onClose }: Props) {
	const deeds = useDeedsDone();
	const items = deeds.data?.pages.flatMap((page) => page.items) ?? [];
	return (
		<SlideOver
			title="What was done"
			about="Merged, split, tagged, put away, deleted, judged"
			onClose={onClose}
		>
			{deeds.isPending ? (
				<LoadingPanel what="deeds" />
			) : failed(deeds) ? (
				<ProblemPanel error={deeds.error} retry={deeds.refetch} />
			) : (
				<PanelBody>
					{items.length === 0 ? (
						<Empty icon={History} title="Nothing yet">
							What you do to several stories at once stands here, and can be taken back: a deletion for 30
							days, all else for ever.
						</Empty>
					) : (
						<ul className={classes.list}>
							{items.map((deed) => (
								<Done key={deed.id} deed={deed} onTakeBack={onTakeBack} />
							))}
						</ul>
					)}
					<ShowMore list={deeds} />
				</PanelBody>
			)}
		</SlideOver>
	);
}

function Done({ deed, onTakeBack }: { deed: DeedOut } & Pick<Props, "onTakeBack">) {
	const undo = useUndoDeed();
	const who = useWho(true);
	const [failures, setFailures] = useState(false);
	return (
		<li>
			<Group justify="space-between" wrap="nowrap" align="flex-start">
				<div>
					<Text size="sm">{deedInWords(deed)}</Text>
					<Text size="xs" c="dimmed" className="sentence">
						{who(deed.user_id)} <Ago at={deed.created_at} />
						{deed.story_id && deed.state !== "undone" && (
							<>
								{" · "}
								<Link to="/stories" search={{ story: deed.story_id }}>
									its story
								</Link>
							</>
						)}
						{deed.run_id && (
							<>
								{" · "}
								<Link to="/jobs" search={{ run: deed.run_id }}>
									its run
								</Link>
							</>
						)}
					</Text>
				</div>
				<Group gap="xs" wrap="nowrap">
					{deed.state !== "done" && (
						<Badge color={deed.state === "undone" ? "gray" : "blue"}>{STATES[deed.state]}</Badge>
					)}
					{/* A run that was cancelled leaves its deed where it was: that can be taken back, too. */}
					{deed.state !== "undone" && (
						<Button
							size="compact-sm"
							variant="default"
							loading={undo.isPending}
							onClick={() => {
								onTakeBack(deed.id);
								undo.mutate(deed.id);
							}}
						>
							Take back
						</Button>
					)}
				</Group>
			</Group>
			{deed.failed > 0 && (
				<Button size="compact-xs" variant="subtle" color="gray" px={0} onClick={() => setFailures(!failures)}>
					{failures ? "Hide" : "Show"} what could not be: {deedObjects(deed.kind, deed.failed)}
				</Button>
			)}
			{failures && <Failures id={deed.id} />}
		</li>
	);
}

function Failures({ id }: { id: string }) {
	const deed = useStoryDeed(id);
	if (!deed.data) return null;
	return (
		<Stack gap={2}>
			{deed.data.problems.map(({ story_id, mention_id, problem }) => (
				<Text key={mention_id ?? story_id} size="xs">
					<Link to="/stories" search={{ story: story_id }}>
						{(mention_id ?? story_id).slice(-6)}
					</Link>
					: {problem}
				</Text>
			))}
		</Stack>
	);
}
