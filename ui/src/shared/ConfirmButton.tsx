import { Button, type ButtonProps, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import { Dialog } from "./Dialog";

type Asked = { question: string; consequence: ReactNode; yes: string; onConfirm: () => void };

/** For what cannot be undone: a button that asks once more and says what will happen. */
export function ConfirmButton({
	question,
	consequence,
	yes,
	onConfirm,
	children,
	...button
}: Omit<ButtonProps, "onClick"> & Asked & { children: ReactNode }) {
	const [asking, ask] = useDisclosure(false);
	return (
		<>
			<Button variant="subtle" color="red" {...button} onClick={ask.open}>
				{children}
			</Button>
			<Confirm {...{ question, consequence, yes, onConfirm }} opened={asking} onClose={ask.close} />
		</>
	);
}

/** The question by itself, for what stands in a menu. */
export function Confirm({
	question,
	consequence,
	yes,
	onConfirm,
	opened,
	onClose,
}: Asked & { opened: boolean; onClose: () => void }) {
	return (
		<Dialog opened={opened} onClose={onClose} title={question}>
			<Text size="sm" component="div">
				{consequence}
			</Text>
			<Group justify="flex-end" mt="lg" gap="sm">
				<Button variant="default" data-autofocus onClick={onClose}>
					Cancel
				</Button>
				<Button
					color="red.8"
					onClick={() => {
						onClose();
						onConfirm();
					}}
				>
					{yes}
				</Button>
			</Group>
		</Dialog>
	);
}
