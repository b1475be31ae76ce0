import type { AnyRouter } from "@tanstack/react-router";

/**
 * Asks whoever has something unsaved, as before any other page. Asked before the server is told: whoever stays goes on where they
 * are, and can save. False if they stay.
 */
export async function agreesToLeave({ history }: AnyRouter): Promise<boolean> {
	const here = history.location;
	for (const { blockerFn } of history._getBlockers()) {
		if (await blockerFn({ currentLocation: here, nextLocation: here, action: "PUSH" })) return false;
	}
	return true;
}

/** A whole new page, after they agreed: nothing of the session before stays in memory, and nobody is asked again. */
export const leaveFor = (router: AnyRouter, href: string) =>
	router.navigate({ href, reloadDocument: true, ignoreBlocker: true });
