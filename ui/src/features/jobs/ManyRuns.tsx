import { Button, Group, Menu, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { ChevronDown, Pause, Play, RotateCcw, Square } from "lucide-react";
import { useState } from "react";
import type { Bulk, BulkOut } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { Dialog } from "@/shared/Dialog";
import { count, plural } from "@/shared/numbers";
import { complain, offerUndo, say } from "@/shared/undo";
import { useChangeRuns, useUndoChange } from "./queries";

type Action = Bulk["action"];

const DEEDS: { action: Action; label: string; done: string; icon: typeof Pause }[] = [
	{ action: "pause", label: "Pause", done: "Pausing", icon: Pause },
	{ action: "resume", label: "Resume, or begin now", done: "Resuming", icon: Play },
	{ action: "replay", label: "Replay the failed ones", done: "Replaying", icon: RotateCcw },
	{ action: "cancel", label: "Cancel", done: "Cancelling", icon: Square },
];

type Props = {
	filter: Bulk["filter"];
	/** Not all runs are meant, but those that match. */
	narrowed: boolean;
	/** There is no run to do anything to. */
	none: boolean;
};

/** One thing done to all runs that match the filters, on the server; what can be taken back is offered back. */
export function ManyRuns({ filter, narrowed, none }: Props) {
	const change = useChangeRuns();
	const undo = useUndoChange();
	const [asking, ask] = useDisclosure(false);
	const [action, setAction] = useState<Action>("pause");
	const deed = DEEDS.find((one) => one.action === action);
	const onError = (error: unknown) => complain(sentence(error));
	const tell = ({ matched, more, undo: token }: BulkOut) => {
		if (matched === 0) return say("No run is in a state for that");
		const words = `${deed?.done} ${plural(matched, "run")}${more ? `, the first ${count(matched)} of more` : ""}`;
		if (!token) return say(words);
		offerUndo(words, () => undo.mutate({ path: { run_id: token } }, { onError }));
	};
	return (
		<>
			<Menu position="bottom-end" withinPortal>
				<Menu.Target>
					<Button
						variant="default"
						rightSection={<ChevronDown size={14} />}
						loading={change.isPending}
						disabled={none}
						data-keeps-panel
					>
						{narrowed ? "Change all that match" : "Change all runs"}
					</Button>
				</Menu.Target>
				<Menu.Dropdown>
					{DEEDS.map(({ action: one, label, icon: Icon }) => (
						<Menu.Item
							key={one}
							leftSection={<Icon size={14} />}
							onClick={() => {
								setAction(one);
								ask.open();
							}}
						>
							{label}
						</Menu.Item>
					))}
				</Menu.Dropdown>
			</Menu>
			<Dialog
				opened={asking}
				onClose={ask.close}
				title={`${deed?.label} ${narrowed ? "all runs that match" : "all runs"}?`}
			>
				<Text size="sm">
					This reaches every run that is in a state for it, not only those on this page: up to 10,000 at once.
					What could not be changed is listed in the log of the run that does it.
					{(action === "pause" || action === "cancel") && " For a minute it can be taken back."}
				</Text>
				<Group justify="flex-end" mt="lg" gap="sm">
					<Button variant="default" data-autofocus onClick={ask.close}>
						Leave it
					</Button>
					<Button
						color={action === "cancel" ? "red.8" : undefined}
						onClick={() => {
							ask.close();
							change.mutate({ body: { action, filter } }, { onSuccess: tell, onError });
						}}
					>
						{deed?.label}
					</Button>
				</Group>
			</Dialog>
		</>
	);
}
