import "@mantine/notifications/styles.layer.css";
import { type NotificationData, Notifications, notifications } from "@mantine/notifications";

export const { hide } = notifications;

/** A message whose button to close it has a name. */
export function show(message: NotificationData): string {
	return notifications.show({ closeButtonProps: { "aria-label": "Close the message" }, ...message });
}

/** Where short messages appear. Loaded with the first thing that a person does. */
export default function Toasts() {
	return <Notifications position="bottom-left" />;
}
