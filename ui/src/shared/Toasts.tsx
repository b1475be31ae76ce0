import "@mantine/notifications/styles.layer.css";
import { Notifications, notifications } from "@mantine/notifications";

export const { show, hide } = notifications;

/** Where short messages appear. Loaded with the first thing that a person does. */
export default function Toasts() {
	return <Notifications position="bottom-left" />;
}
