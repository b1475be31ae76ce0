import { type QueryClient, queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { readSessionQueryKey } from "./generated/@tanstack/react-query.gen";
import { client } from "./generated/client.gen";
import { readSession } from "./generated/sdk.gen";
import type { OrganizationOut, SessionOut } from "./generated/types.gen";
import { isProblem } from "./problems";

export type Role = OrganizationOut["role"];
/** A session of somebody who is in an organization. */
type Inside = SessionOut & { organization: OrganizationOut };

/** From least to most; each may do what those before it may. */
export const ROLES: Role[] = ["guest", "viewer", "outreach", "analyst", "admin", "owner"];

export const sessionOptions = queryOptions({
	queryKey: readSessionQueryKey(),
	queryFn: async ({ signal }) => show((await readSession({ signal, throwOnError: true })).data),
	staleTime: 5 * 60_000,
	// A screen on a wall that nobody touches has its cookie renewed, too.
	refetchInterval: 12 * 3_600_000,
});

/** Who is signed in and where. Only under the shell, whose route has asked for it and lets nobody in who is nowhere. */
export const useSession = (): Inside => useSuspenseQuery(sessionOptions).data as Inside;

/** The same for a route under the shell, before it is shown. */
export const sessionOf = async (queries: QueryClient) =>
	(await queries.ensureQueryData(sessionOptions)) as Inside;

/** May somebody of that role do what needs this one? */
export const reaches = (own: Role, least: Role): boolean => ROLES.indexOf(own) >= ROLES.indexOf(least);

/** May the signed-in user do what needs this role? The server asks again. */
export const useCan = (least: Role): boolean => reaches(useSession().organization.role, least);

/** How it is with a tab: it has a session, that has ended, or it goes on in another organization than the tab shows. */
type Standing = "here" | "ended" | "elsewhere";
let standing: Standing = "here";
const watchers = new Set<() => void>();

function setStanding(now: Standing) {
	if (standing === now) return;
	standing = now;
	for (const tell of watchers) tell();
}

/**
 * Whatever was asked: the server did not know who asked, because in another tab somebody signed out, or it was long ago. Or whoever
 * asked is not where this tab is any more: somebody took them out, or another tab went on to another organization.
 */
export function hearFailure(error: unknown) {
	if (!isProblem(error)) return;
	if (error.code === "identity/not-signed-in") setStanding("ended");
	if (error.code === "tenancy/organization-left") beginAnew();
}

/** Whatever was asked was answered: there is a session, perhaps begun in another tab. */
export function hearAnswer() {
	if (standing === "ended") setStanding("here");
}

export const hasSessionEnded = () => standing === "ended";

/** Does the tab show an organization where the session is no more, for the sake of something that is not saved? */
export const isElsewhere = () => standing === "elsewhere";

export const useStanding = (): Standing =>
	useSyncExternalStore(
		(tell) => {
			watchers.add(tell);
			return () => watchers.delete(tell);
		},
		() => standing,
	);

/** Whom and which organization this tab shows: what it sends is meant for them. */
type Shown = { user: string; organization: string | undefined };
let shown: Shown | undefined;

function show(session: SessionOut): SessionOut {
	shown = { user: session.user.id, organization: session.organization?.id };
	return session;
}

/** The header by which the server refuses what is meant for another organization than the one that was chosen since. */
export const meantFor = (): Record<string, string> =>
	shown?.organization ? { "Brandhound-Organization": shown.organization } : {};

client.interceptors.request.use((request) => {
	for (const [name, value] of Object.entries(meantFor())) request.headers.set(name, value);
	return request;
});

const ARRIVED = "brandhound.organization-left";

/** All tabs of a browser share one session: those that show somebody else, or another organization, begin anew. */
function tellTabs(session: SessionOut | null) {
	const channel = new BroadcastChannel(ARRIVED);
	const arrived: Shown | null = session && { user: session.user.id, organization: session.organization?.id };
	channel.postMessage(arrived);
	channel.close();
}

/** Somebody signed in, set the installation up or accepted an invitation: nothing of who was here before stays. */
export function enter(queries: QueryClient, session: SessionOut) {
	queries.clear();
	queries.setQueryData(sessionOptions.queryKey, show(session));
	setStanding("here");
	tellTabs(session);
}

let leaving = false;

/**
 * Another organization was chosen, and a whole new page follows. All other tabs begin anew: what one of them showed of the
 * organization before could not be acted on, and what was made there would land in the other.
 */
export function leaveOrganization(session: SessionOut) {
	leaving = true;
	tellTabs(session);
}

/** Somebody signed out, and a whole new page follows. The other tabs say so. */
export function leaveSession() {
	leaving = true;
	tellTabs(null);
}

/** Hears where another tab went, or that it signed out. Used once on a page, by what frames it. */
export function useLeavesTogether() {
	useEffect(() => {
		const channel = new BroadcastChannel(ARRIVED);
		channel.onmessage = ({ data }: MessageEvent<Shown | null>) => {
			if (leaving) return;
			if (data === null) setStanding("ended");
			else if (data.user !== shown?.user || data.organization !== shown.organization) beginAnew();
			else setStanding("here");
		};
		return () => channel.close();
	}, []);
}

/**
 * A whole new page: neither rows nor a stream of changes of the organization before stay in memory. The browser asks whoever has
 * something unsaved, once: if they stay, they can read and copy it, and the server takes nothing of it for where they are now.
 */
function beginAnew() {
	if (leaving || standing === "elsewhere") return;
	setStanding("elsewhere");
	location.assign("/");
}
