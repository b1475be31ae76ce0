import { Button, Loader, Text } from "@mantine/core";
import { Plug } from "lucide-react";
import { useEffect, useRef } from "react";
import { Page } from "@/shared/Page";
import { Empty, ProblemPanel } from "@/shared/states";
import { useAnswerLogin } from "./accountQueries";
import { cameFrom, type From } from "./comingBack";

export type Answer = { state?: string; code?: string; error?: string; error_description?: string };

type Props = {
	answer: Answer;
	/** With where one was before the dialog. */
	onDone: (login: string, from: From) => void;
	onBack: (from: From) => void;
};

/** Where Meta sends people back to: its answer is passed on once, and the address forgets it. */
export function ConnectingPage({ answer, onDone, onBack }: Props) {
	const pass = useAnswerLogin();
	const passed = useRef(false);
	const { state, ...told } = answer;
	useEffect(() => {
		if (passed.current || !state) return;
		passed.current = true;
		// The code is good for once; it has no business in the history.
		window.history.replaceState(window.history.state, "", window.location.pathname);
		pass.mutate({ body: { state, ...told } }, { onSuccess: ({ id }) => onDone(id, cameFrom()) });
	});
	if (pass.isError || (!state && !passed.current)) {
		return (
			<Page title="Connecting">
				{pass.isError ? (
					<ProblemPanel error={pass.error} />
				) : (
					<Text c="dimmed">
						There is nothing to take up here: Meta's answer is missing, or was taken before.
					</Text>
				)}
				<div>
					<Button variant="default" onClick={() => onBack(cameFrom())}>
						Back
					</Button>
				</div>
			</Page>
		);
	}
	return (
		<Page title="Connecting">
			<Empty icon={Plug} title="Asking Meta which accounts you may read">
				<Loader size="sm" role="status" aria-label="Asking Meta" />
			</Empty>
		</Page>
	);
}
