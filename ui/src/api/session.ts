import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { readSessionQueryKey } from "./generated/@tanstack/react-query.gen";
import { readSession } from "./generated/sdk.gen";
import type { SessionOut } from "./generated/types.gen";

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

/** May the signed-in user do what needs this role? The server asks again. */
export function useCan(role: Role): boolean {
	return ROLES.indexOf(useSession().organization.role) >= ROLES.indexOf(role);
}
