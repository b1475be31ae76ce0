import { useEffect, useLayoutEffect, useRef, useState } from "react";

/**
 * While what was asked for is still on its way, keys are meant for it and for nothing on the page behind: letters are kept for its
 * field, Escape takes the question back. They are its own as soon as the focus is in it (`inside`, a selector). Gives what stands in
 * the field, and what changes it.
 */
export function useTypedAhead(asked: boolean, inside: string, onCancel: () => void) {
	const [typed, setTyped] = useState("");
	const cancel = useRef(onCancel);
	cancel.current = onCancel;
	useLayoutEffect(() => {
		if (!asked) return;
		const onKey = (event: KeyboardEvent) => {
			if (event.ctrlKey || event.metaKey || event.altKey || /^F\d+$/.test(event.key)) return;
			const there = document.activeElement?.closest(inside) != null;
			if (there && (event.key !== "Escape" || event.isComposing)) return;
			event.preventDefault();
			event.stopImmediatePropagation();
			// Nothing that stands under it may be closed by the same key.
			if (event.key === "Escape") cancel.current();
			else if (event.key === "Backspace") setTyped((before) => before.slice(0, -1));
			else if (event.key.length === 1) setTyped((before) => before + event.key);
		};
		addEventListener("keydown", onKey, true);
		return () => {
			removeEventListener("keydown", onKey, true);
			setTyped("");
		};
	}, [asked, inside]);
	return [typed, setTyped] as const;
}

/** Loads a part that a key asks for as soon as there is nothing else to do. */
export function useLoadedAhead(load: () => Promise<unknown>): void {
	const latest = useRef(load);
	useEffect(() => {
		// Where it cannot be had now, it is asked for again when it is needed.
		const ask = () => void latest.current().catch(() => {});
		// Safari has no idle callbacks.
		if (!("requestIdleCallback" in window)) {
			const timer = setTimeout(ask, 2_000);
			return () => clearTimeout(timer);
		}
		const idle = requestIdleCallback(ask);
		return () => cancelIdleCallback(idle);
	}, []);
}
