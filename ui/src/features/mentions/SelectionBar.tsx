import { ActionIcon, Button, Group, Text, Tooltip } from "@mantine/core";
import { Archive, ArchiveRestore, Combine, Tag, Trash2, X } from "lucide-react";
import { ConfirmButton } from "@/shared/ConfirmButton";
import { atFoot } from "@/shared/foot";
import { useKeys } from "@/shared/keys";
import { count, plural } from "@/shared/numbers";
import { say } from "@/shared/undo";
import { type Filter, type HandWork, useMatching } from "./deeds";
import classes from "./SelectionBar.module.css";
import { TagMenu } from "./TagMenu";
import type { Selection } from "./useSelection";

type Props = {
	selection: Selection;
	filter: Filter;
	/** Whether what is shown was put away. */
	away: boolean;
	tagging: boolean;
	onTagging: (tagging: boolean) => void;
	onHand: (work: HandWork, then?: () => void) => void;
	/** While something is being done to them, nothing else is. */
	busy: boolean;
};

/** What can be done to the chosen stories, or to all that match, at the foot of the list. */
export function SelectionBar({ selection, filter, away, tagging, onTagging, onHand, busy }: Props) {
	const { ids, all, chooseAll, clear } = selection;
	const matching = useMatching(filter, ids.size > 0);
	const total = matching.data?.stories ?? ids.size;
	const number = all ? total : ids.size;
	const whom = all ? { matching: filter } : { stories: [...ids] };
	const mark = (kind: "star" | "archive" | "unarchive" | "tag" | "delete", tag?: string) =>
		onHand({ work: "mark", kind, ...(tag && { tag }), ...whom }, clear);
	const merge = () => {
		const [into, ...stories] = [...ids];
		if (all || !into || stories.length === 0)
			say("Choose the stories that are one: two at least, each by itself");
		else onHand({ work: "merge", into, stories }, clear);
	};
	const archive = () => mark(away ? "unarchive" : "archive");
	useKeys({
		m: merge,
		e: archive,
		s: () => mark("star"),
		t: () => !busy && onTagging(true),
		// A panel, or what is open in it, closes first.
		Escape: () => document.documentElement.dataset.panel === undefined && clear(),
	});
	return (
		<section ref={atFoot} className={classes.bar} aria-label="Chosen stories" data-keeps-panel>
			<Group gap="xs" wrap="nowrap">
				<Tooltip label="Choose none (Esc)">
					<ActionIcon variant="subtle" color="gray" aria-label="Choose none" onClick={clear}>
						<X size={16} />
					</ActionIcon>
				</Tooltip>
				<Text size="sm" fw={600} className="numeric" role="status">
					{plural(number, "story", "stories")}
				</Text>
				{!all && total > ids.size && (
					<Button size="compact-sm" variant="subtle" onClick={chooseAll}>
						All {count(total)} that match
					</Button>
				)}
			</Group>
			<Group gap={4} wrap="wrap" className={classes.deeds}>
				<Tooltip label="They are one story (m)">
					<Button
						size="compact-sm"
						variant="default"
						leftSection={<Combine size={14} />}
						disabled={busy || all || ids.size < 2}
						onClick={merge}
					>
						Merge
					</Button>
				</Tooltip>
				<TagMenu opened={tagging} onChange={onTagging} onTag={(tag) => mark("tag", tag)}>
					<Button
						size="compact-sm"
						variant="default"
						leftSection={<Tag size={14} />}
						disabled={busy}
						aria-keyshortcuts="t"
						onClick={() => onTagging(!tagging)}
					>
						Tag
					</Button>
				</TagMenu>
				<Button
					size="compact-sm"
					variant="default"
					leftSection={away ? <ArchiveRestore size={14} /> : <Archive size={14} />}
					aria-keyshortcuts="e"
					disabled={busy}
					onClick={archive}
				>
					{away ? "Bring back" : "Archive"}
				</Button>
				<ConfirmButton
					size="compact-sm"
					leftSection={<Trash2 size={14} />}
					disabled={busy}
					question={`Delete ${plural(number, "story", "stories")}?`}
					consequence="They are gone from all lists and counts, with their mentions and judgements, and are not taken in again. For 30 days it can be taken back."
					yes="Delete"
					onConfirm={() => mark("delete")}
				>
					Delete
				</ConfirmButton>
			</Group>
		</section>
	);
}
