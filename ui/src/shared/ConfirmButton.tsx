import { Button, type ButtonProps, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import { Dialog } from "./Dialog";

type Props = Omit<ButtonProps, "onClick"> & {
	question: string;
	consequence: ReactNode;
	yes: string;
	onConfirm: () => void;
	children: ReactNode;
};

/** For what cannot be undone: a button that asks once more and says what will happen. */
export function ConfirmButton({ question, consequence, yes, onConfirm, children, ...button }: Props) {
	const [asking, ask] = useDisclosure(false);
	return (
		<>
			<Button variant="subtle" color="red" {...button} onClick={ask.open}>
				{children}
			</Button>
			<Dialog opened={asking} onClose={ask.close} title={question}>
				<Text size="sm" component="div">
					{consequence}
				</Text>
				<Group justify="flex-end" mt="lg" gap="sm">
					<Button variant="default" data-autofocus onClick={ask.close}>
						Cancel
					</Button>
					<Button
						color="red.8"
						onClick={() => {
							ask.close();
							onConfirm();
						}}
					>
						{yes}
					</Button>
				</Group>
			</Dialog>
		</>
	);
}
