import { ActionIcon, Button, Group, Text, Tooltip } from "@mantine/core";
import { Archive, ArchiveRestore, Tag, Trash2, X } from "lucide-react";
import { useState } from "react";
import type { NewReportDeed } from "@/api/generated/types.gen";
import { ConfirmButton } from "@/shared/ConfirmButton";
import { atFoot } from "@/shared/foot";
import { useKeys } from "@/shared/keys";
import { count, plural } from "@/shared/numbers";
import classes from "../mentions/SelectionBar.module.css";
import { TagMenu } from "../mentions/TagMenu";
import type { Selection } from "../mentions/useSelection";
import { type Filter, useMatchingReports, useReportTagNames } from "./deeds";
import { DELETION } from "./wording";

type Props = {
	selection: Selection;
	filter: Filter;
	/** Whether what is shown was put away. */
	away: boolean;
	onAct: (deed: NewReportDeed, then?: () => void) => void;
	/** While something is being done to them, nothing else is. */
	busy: boolean;
};

/** What can be done to the chosen reports, or to all that match, at the foot of the list. */
export function ReportsBar({ selection, filter, away, onAct, busy }: Props) {
	const { ids, all, chooseAll, clear } = selection;
	const matching = useMatchingReports(filter, ids.size > 0);
	const [tagging, setTagging] = useState(false);
	const total = matching.data?.reports ?? ids.size;
	const number = all ? total : ids.size;
	const whom = all ? { matching: filter } : { reports: [...ids] };
	const mark = (kind: NewReportDeed["kind"], tag?: string) =>
		onAct({ kind, ...(tag && { tag }), ...whom }, clear);
	const archive = () => mark(away ? "unarchive" : "archive");
	useKeys({
		e: archive,
		t: () => !busy && setTagging(true),
		// A panel, or what is open in it, closes first.
		Escape: () => document.documentElement.dataset.panel === undefined && clear(),
	});
	return (
		<section ref={atFoot} className={classes.bar} aria-label="Chosen reports" data-keeps-panel>
			<Group gap="xs" wrap="nowrap">
				<Tooltip label="Choose none (Esc)">
					<ActionIcon variant="subtle" color="gray" aria-label="Choose none" onClick={clear}>
						<X size={16} />
					</ActionIcon>
				</Tooltip>
				<Text size="sm" fw={600} className="numeric" role="status">
					{plural(number, "report")}
				</Text>
				{!all && total > ids.size && (
					<Button size="compact-sm" variant="subtle" onClick={chooseAll}>
						All {count(total)} that match
					</Button>
				)}
			</Group>
			<Group gap={4} wrap="wrap" className={classes.deeds}>
				<TagMenu
					opened={tagging}
					onChange={setTagging}
					onTag={(tag) => mark("tag", tag)}
					useKnown={useReportTagNames}
				>
					<Button
						size="compact-sm"
						variant="default"
						leftSection={<Tag size={14} />}
						disabled={busy}
						aria-keyshortcuts="t"
						onClick={() => setTagging(!tagging)}
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
					question={`Delete ${plural(number, "report")}?`}
					consequence={DELETION}
					yes="Delete"
					onConfirm={() => mark("delete")}
				>
					Delete
				</ConfirmButton>
			</Group>
		</section>
	);
}
