import { ActionIcon, Button, Group, Menu, Text, Tooltip } from "@mantine/core";
import { Check, ChevronDown, Undo2, X } from "lucide-react";
import { atFoot } from "@/shared/foot";
import { useKeys } from "@/shared/keys";
import { count, plural } from "@/shared/numbers";
import { TONES, Tone, type ToneName } from "@/shared/Tone";
import { type HandWork, type MentionFilter, useMatchingMentions } from "./deeds";
import classes from "./SelectionBar.module.css";
import type { Selection } from "./useSelection";

type Props = {
	selection: Selection;
	filter: MentionFilter;
	onHand: (work: HandWork, then?: () => void) => void;
	/** While something is being done, nothing else is. */
	busy: boolean;
	/** Whether single keys are meant for them; beside an open story they are not. */
	keys: boolean;
};

/** What can be said of the chosen mentions, or of all that match. */
export function MentionsBar({
	selection: { ids, all, chooseAll, clear },
	filter,
	onHand,
	busy,
	keys,
}: Props) {
	const matching = useMatchingMentions(filter, ids.size > 0);
	const total = matching.data?.mentions ?? ids.size;
	const whom = all ? { matching: filter } : { mentions: [...ids] };
	const say = (kind: "yes" | "no" | "unjudge" | "tone" | "untone", tone?: ToneName) =>
		onHand({ work: "say", kind, ...(tone && { tone }), ...whom }, clear);
	useKeys({
		...(keys && {
			y: () => say("yes"),
			n: () => say("no"),
			...Object.fromEntries(
				Object.keys(TONES).map((tone, at) => [`${at + 1}`, () => say("tone", tone as ToneName)]),
			),
			"0": () => say("untone"),
		}),
		// A panel, or what is open in it, closes first.
		Escape: () => document.documentElement.dataset.panel === undefined && clear(),
	});
	return (
		<section ref={atFoot} className={classes.bar} aria-label="Chosen mentions" data-keeps-panel>
			<Group gap="xs" wrap="nowrap">
				<Tooltip label="Choose none (Esc)">
					<ActionIcon variant="subtle" color="gray" aria-label="Choose none" onClick={clear}>
						<X size={16} />
					</ActionIcon>
				</Tooltip>
				<Text size="sm" fw={600} className="numeric" role="status">
					{plural(all ? total : ids.size, "mention")}
				</Text>
				{!all && total > ids.size && (
					<Button size="compact-sm" variant="subtle" onClick={chooseAll}>
						All {count(total)} that match
					</Button>
				)}
			</Group>
			<Group gap={4} wrap="wrap" className={classes.deeds}>
				<Button
					size="compact-sm"
					variant="default"
					leftSection={<Check size={14} />}
					disabled={busy}
					aria-keyshortcuts="y"
					onClick={() => say("yes")}
				>
					It is the brand
				</Button>
				<Button
					size="compact-sm"
					variant="default"
					leftSection={<X size={14} />}
					disabled={busy}
					aria-keyshortcuts="n"
					onClick={() => say("no")}
				>
					It is not
				</Button>
				<Button
					size="compact-sm"
					variant="default"
					leftSection={<Undo2 size={14} />}
					disabled={busy}
					onClick={() => say("unjudge")}
				>
					Not judged
				</Button>
				<Menu position="top-end" shadow="md">
					<Menu.Target>
						<Button
							size="compact-sm"
							variant="default"
							rightSection={<ChevronDown size={14} />}
							disabled={busy}
						>
							Tone
						</Button>
					</Menu.Target>
					<Menu.Dropdown>
						{(Object.keys(TONES) as ToneName[]).map((name) => (
							<Menu.Item key={name} onClick={() => say("tone", name)}>
								<Tone tone={name} />
							</Menu.Item>
						))}
						<Menu.Item onClick={() => say("untone")}>As they were read</Menu.Item>
					</Menu.Dropdown>
				</Menu>
			</Group>
		</section>
	);
}
