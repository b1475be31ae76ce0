import { useEffect, useRef } from "react";

type Bindings = Record<string, (() => void) | undefined>;

const stack: { current: Bindings }[] = [];
const PREFIX_LASTS = 1_200;
let prefix = "";
let timer: ReturnType<typeof setTimeout> | undefined;

const QUESTION = ".mantine-Modal-content";
let under = false;

/** Asked on the way down: a question that closes by this very key is gone, or has given the focus back, on the way up. */
function onKeyFirst(): void {
	under = document.activeElement?.closest(QUESTION) != null;
}

/** Typing text, choosing in something that has keys of its own, or under a question. */
function busy(event: KeyboardEvent): boolean {
	if (under || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
		return true;
	const target = event.target as HTMLElement | null;
	return (
		target?.closest?.(
			"input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true], [role=listbox], [role=menu], [data-own-keys], .mantine-Popover-dropdown",
		) != null
	);
}

function onKeyDown(event: KeyboardEvent): void {
	if (busy(event) || ["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
	const keys = prefix + event.key;
	clearTimeout(timer);
	prefix = "";
	for (const { current } of stack.toReversed()) {
		const action = current[keys];
		if (action) {
			event.preventDefault();
			action();
			return;
		}
	}
	if (stack.some(({ current }) => Object.keys(current).some((bound) => bound.startsWith(`${keys} `)))) {
		prefix = `${keys} `;
		timer = setTimeout(() => {
			prefix = "";
		}, PREFIX_LASTS);
	}
}

/**
 * Single keys (`"y"`) and sequences (`"g s"`) for as long as the component is on screen.
 * The newest component wins; nothing happens while text is typed or a question is open.
 */
export function useKeys(bindings: Bindings): void {
	const latest = useRef(bindings);
	latest.current = bindings;
	useEffect(() => {
		if (stack.length === 0) {
			window.addEventListener("keydown", onKeyFirst, true);
			window.addEventListener("keydown", onKeyDown);
		}
		stack.push(latest);
		return () => {
			stack.splice(stack.indexOf(latest), 1);
			if (stack.length > 0) return;
			window.removeEventListener("keydown", onKeyFirst, true);
			window.removeEventListener("keydown", onKeyDown);
		};
	}, []);
}

/** `j` and `k` open the neighbour of the open row, or the first one. */
export function useNeighbourKeys(
	ids: readonly string[],
	open: string | undefined,
	onOpen: (id: string) => void,
): void {
	const place = usePlace(ids, open);
	const go = (step: 1 | -1) => {
		const next = ids[Math.min(Math.max(place(step), 0), ids.length - 1)];
		if (next === undefined || next === open) return;
		onOpen(next);
		document.querySelector(`[data-row="${CSS.escape(next)}"]`)?.scrollIntoView({ block: "nearest" });
	};
	// Where there is nothing to go to, the keys are left to somebody else.
	useKeys(ids.length > 0 ? { j: () => go(1), k: () => go(-1) } : {});
}

/** Opens what follows the open row, when that is done with; nothing behind the last one. */
export function useNext(
	ids: readonly string[],
	open: string | undefined,
	onOpen: (id: string) => void,
): () => void {
	const place = usePlace(ids, open);
	return () => {
		const next = open === undefined ? undefined : ids[place(1)];
		if (next) onOpen(next);
	};
}

/** Where in the list one is a step away from the open row. It may have left the list meanwhile (archived, say): from where it was. */
function usePlace(ids: readonly string[], open: string | undefined): (step: 1 | -1) => number {
	const last = useRef(0);
	const found = open === undefined ? -1 : ids.indexOf(open);
	if (found !== -1) last.current = found;
	return (step) => (open === undefined ? 0 : found !== -1 ? found + step : last.current + Math.min(step, 0));
}

type Typed = Pick<KeyboardEvent, "key" | "keyCode"> & { nativeEvent: Pick<KeyboardEvent, "isComposing"> };

/** Is what was typed confirmed? Not where Enter takes a word that is written by several keys, as in Japanese (229, says Safari). */
export const confirms = ({ key, keyCode, nativeEvent }: Typed): boolean =>
	key === "Enter" && !nativeEvent.isComposing && keyCode !== 229;
