import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";

/** Says what was done and offers to take it back for ten seconds. */
export function offerUndo(done: string, undo: () => void): void {
	const id = crypto.randomUUID();
	notifications.show({
		id,
		autoClose: 10_000,
		withCloseButton: false,
		message: (
			<Group justify="space-between" wrap="nowrap">
				<Text size="sm">{done}</Text>
				<Button
					size="compact-sm"
					variant="subtle"
					onClick={() => {
						notifications.hide(id);
						undo();
					}}
				>
					Undo
				</Button>
			</Group>
		),
	});
}

export function say(message: string): void {
	notifications.show({ message, autoClose: 4_000 });
}

export function complain(message: string): void {
	notifications.show({ color: "red", title: "That did not work", message, autoClose: 10_000 });
}
