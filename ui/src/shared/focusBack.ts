import { useEffect, useState } from "react";

/**
 * When what comes on screen as open goes again, the focus returns to what had it before, unless it went on elsewhere meanwhile.
 * A dialog that opens and closes in its place does so by itself.
 */
export function useFocusBack(open = true): void {
	const [before] = useState(() => (open ? beneath(document.activeElement) : null));
	useEffect(
		() => () => {
			if (before?.isConnected && document.activeElement === document.body)
				before.focus({ preventScroll: true });
		},
		[before],
	);
}

/** What a menu belongs to: the menu itself is gone when something that was asked for in it has come. */
function beneath(focused: Element | null): HTMLElement | null {
	const menu = focused?.closest("[role=menu]");
	const owner = menu && document.querySelector(`[aria-controls="${CSS.escape(menu.id)}"]`);
	return (owner ?? focused) as HTMLElement | null;
}
