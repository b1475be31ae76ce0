import { Group, Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useFocusBack } from "./focusBack";

type Props = { title: string; size?: string; opened: boolean; onClose: () => void; children: ReactNode };

/** For questions that must be answered and maps that are looked up. Everything else opens in a panel. */
export function Dialog({ title, size = "sm", opened, onClose, children }: Props) {
	useFocusBack(opened);
	return (
		<Modal.Root opened={opened} onClose={onClose} size={size} centered zIndex={400}>
			<Modal.Overlay />
			<Modal.Content>
				{/* Not Modal.Header, which would be a second banner of the page. */}
				<Group justify="space-between" px="md" pt="md" pb="xs" wrap="nowrap">
					<Modal.Title fw={620}>{title}</Modal.Title>
					<Modal.CloseButton aria-label="Close" />
				</Group>
				<Modal.Body>{children}</Modal.Body>
			</Modal.Content>
		</Modal.Root>
	);
}
