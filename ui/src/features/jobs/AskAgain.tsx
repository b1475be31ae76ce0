import { Button, Group, Text } from "@mantine/core";
import type { RunOut } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { Dialog } from "@/shared/Dialog";
import { complain, say } from "@/shared/undo";
import { useReplayRun, useStartRun } from "./queries";

type Props = { run: RunOut; onOpen: (id: string) => void; onAnswered: () => void };

/** Whoever comes from "run again" in a notice is asked once, and then it runs. */
export function AskAgain({ run, onOpen, onAnswered }: Props) {
	const replay = useReplayRun();
	const again = useStartRun();
	const go = async () => {
		// The question is gone before the answer comes: what is to happen then must not hang on it.
		onAnswered();
		try {
			if (run.can_replay) {
				await replay.mutateAsync({ path: { run_id: run.id } });
				say("It goes on after the steps it had finished");
			} else {
				const { id } = await again.mutateAsync({ body: { job: run.job, parameters: run.parameters } });
				onOpen(id);
			}
		} catch (error) {
			complain(sentence(error));
		}
	};
	return (
		<Dialog opened onClose={onAnswered} title={`Run “${run.title}” again?`}>
			<Text size="sm">
				{run.can_replay
					? "It is the same run, and goes on after the steps that it had finished."
					: "It has ended well or was stopped since: a new run begins, with the same parameters."}
			</Text>
			<Group justify="flex-end" mt="lg" gap="sm">
				<Button variant="default" onClick={onAnswered}>
					Leave it
				</Button>
				<Button data-autofocus onClick={go}>
					Run again
				</Button>
			</Group>
		</Dialog>
	);
}
