import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { readSessionQueryKey } from "./generated/@tanstack/react-query.gen";
import { readSession } from "./generated/sdk.gen";
import type { SessionOut } from "./generated/types.gen";
import { isProblem } from "./problems";

export type Role = SessionOut["organization"]["role"];

/** From least to most; each may do what those before it may. */
export const ROLES: Role[] = ["guest", "viewer", "outreach", "analyst", "admin", "owner"];

export const sessionOptions = queryOptions({
	queryKey: readSessionQueryKey(),
	queryFn: async ({ signal }) => (await readSession({ signal, throwOnError: true })).data,
	staleTime: 5 * 60_000,
});

/** Who is signed in and where. Only under the shell, whose route has asked for it. */
export const useSession = (): SessionOut => useSuspenseQuery(sessionOptions).data;

/** May somebody of that role do what needs this one? */
export const reaches = (own: Role, least: Role): boolean => ROLES.indexOf(own) >= ROLES.indexOf(least);

/** May the signed-in user do what needs this role? The server asks again. */
export const useCan = (least: Role): boolean => reaches(useSession().organization.role, least);

let ended = false;
const watchers = new Set<() => void>();

function setEnded(now: boolean) {
	if (ended === now) return;
	ended = now;
	for (const tell of watchers) tell();
}

/** Whatever was asked: the server did not know who asked. In another tab somebody signed out, or it was long ago. */
export function hearFailure(error: unknown) {
	if (isProblem(error) && error.code === "identity/not-signed-in") setEnded(true);
}

/** Whatever was asked was answered: there is a session, perhaps begun in another tab. */
export const hearAnswer = () => setEnded(false);

export const hasSessionEnded = () => ended;

/** Has the session ended since the page was loaded? */
export const useSessionEnded = () =>
	useSyncExternalStore(
		(tell) => {
			watchers.add(tell);
			return () => watchers.delete(tell);
		},
		() => ended,
	);

const LEFT = "brandhound.organization-left";

/**
 * Another organization was chosen. All tabs of a browser share one session, so all of them begin anew: what one of them showed of
 * the organization before could not be acted on, and what was made there would land in the other.
 */
export function leaveOrganization() {
	const channel = new BroadcastChannel(LEFT);
	channel.postMessage(null);
	channel.close();
	beginAnew();
}

/** Begins anew when another organization is chosen in another tab. Used once, by the shell. */
export function useLeavesTogether() {
	useEffect(() => {
		const channel = new BroadcastChannel(LEFT);
		channel.onmessage = beginAnew;
		return () => channel.close();
	}, []);
}

/** A whole new page: neither rows nor a stream of changes of the organization before stay in memory. */
const beginAnew = () => location.assign("/");
