import {
	infiniteQueryOptions,
	useInfiniteQuery,
	useMutation,
	useQuery,
	useQueryClient,
} from "@tanstack/react-query";
import {
	changeMemberMutation,
	changeOrganizationMutation,
	changeOwnPasswordMutation,
	createKeyMutation,
	inviteMemberMutation,
	listAuditQueryKey,
	listInvitationsOptions,
	listKeyPartsOptions,
	listKeysOptions,
	listMembersOptions,
	makeResetLinkForMemberMutation,
	removeFromOrganizationMutation,
	removeKeyMutation,
	withdrawInvitationMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import { listAudit } from "@/api/generated/sdk.gen";
import { sessionOptions } from "@/api/session";

export const useMembers = () => useQuery(listMembersOptions());
export const useInvitations = (may: boolean) => useQuery({ ...listInvitationsOptions(), enabled: may });
export const useKeys = () => useQuery(listKeysOptions());
export const useKeyParts = () => useQuery({ ...listKeyPartsOptions(), staleTime: Number.POSITIVE_INFINITY });
export const useAudit = () =>
	useInfiniteQuery(
		infiniteQueryOptions({
			queryKey: listAuditQueryKey(),
			queryFn: async ({ pageParam, signal }) =>
				(await listAudit({ query: { cursor: pageParam }, signal, throwOnError: true })).data,
			initialPageParam: undefined as string | undefined,
			getNextPageParam: (page) => page.next ?? undefined,
		}),
	);

function useAsksAnew() {
	const queries = useQueryClient();
	return () =>
		queries.invalidateQueries({
			predicate: ({ queryKey }) =>
				/Member|Invitation|Key|Audit/.test((queryKey[0] as { _id?: string })._id ?? ""),
		});
}

export function useChangeOrganization() {
	const queries = useQueryClient();
	return useMutation({
		...changeOrganizationMutation(),
		onSuccess: () => queries.invalidateQueries({ queryKey: sessionOptions.queryKey }),
	});
}
export const useChangeMember = () => useMutation({ ...changeMemberMutation(), onSettled: useAsksAnew() });
export const useRemoveMember = () =>
	useMutation({ ...removeFromOrganizationMutation(), onSettled: useAsksAnew() });
export const useMakeResetLink = () =>
	useMutation({ ...makeResetLinkForMemberMutation(), onSettled: useAsksAnew() });
export const useChangePassword = () =>
	useMutation({ ...changeOwnPasswordMutation(), onSettled: useAsksAnew() });
export const useInvite = () => useMutation({ ...inviteMemberMutation(), onSettled: useAsksAnew() });
export const useWithdraw = () => useMutation({ ...withdrawInvitationMutation(), onSettled: useAsksAnew() });
export const useCreateKey = () => useMutation({ ...createKeyMutation(), onSettled: useAsksAnew() });
export const useRemoveKey = () => useMutation({ ...removeKeyMutation(), onSettled: useAsksAnew() });
