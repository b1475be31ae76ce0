import { Button, Group, Text } from "@mantine/core";
import type { NotificationData } from "@mantine/notifications";
import { lazy, Suspense, useEffect, useState } from "react";

const load = () => import("./Toasts");
const Toasts = lazy(load);

/** Holds a place for short messages: none comes before somebody did something, so until then nothing is loaded. */
export function ToastHost() {
	const [awake, setAwake] = useState(false);
	useEffect(() => {
		const wake = () => setAwake(true);
		const stop = new AbortController();
		for (const deed of ["pointerdown", "keydown"]) {
			addEventListener(deed, wake, { once: true, signal: stop.signal });
		}
		return () => stop.abort();
	}, []);
	return <Suspense>{awake && <Toasts />}</Suspense>;
}

function show(message: NotificationData): void {
	void load().then((toasts) => toasts.show(message));
}

/** Says what was done and offers to take it back for ten seconds. Gives what ends the offer. */
export function offerUndo(done: string, undo: () => void): () => void {
	const id = crypto.randomUUID();
	const close = () => void load().then((toasts) => toasts.hide(id));
	show({
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
						close();
						undo();
					}}
				>
					Undo
				</Button>
			</Group>
		),
	});
	return close;
}

export function say(message: string): void {
	show({ message, autoClose: 4_000 });
}

export function complain(message: string): void {
	show({ color: "red", title: "That did not work", message, autoClose: 10_000 });
}
