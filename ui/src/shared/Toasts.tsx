import "@mantine/notifications/styles.layer.css";
import { useMediaQuery } from "@mantine/hooks";
import { type NotificationData, Notifications, notifications } from "@mantine/notifications";
import classes from "./Toasts.module.css";

const NARROW = "(max-width: 47.99em)";

export const { hide } = notifications;

/** A message whose button to close it has a name. */
export function show(message: NotificationData): string {
	return notifications.show({ closeButtonProps: { "aria-label": "Close the message" }, ...message });
}

/** Where short messages appear. Loaded with the first thing that a person does. */
export default function Toasts() {
	// On a phone whatever one presses is at the bottom.
	const narrow = useMediaQuery(NARROW, matchMedia(NARROW).matches);
	return (
		<Notifications
			position={narrow ? "top-center" : "bottom-left"}
			classNames={{ root: classes.stack ?? "" }}
		/>
	);
}
