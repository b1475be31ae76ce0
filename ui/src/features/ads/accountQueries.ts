import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
	answerAdLoginMutation,
	beginAdLoginMutation,
	chooseAdAccountsMutation,
	disconnectAdAccountMutation,
	getRunOptions,
	giveAdTokenMutation,
	listAdAccountsOptions,
	listBrandsOptions,
	makeAdAccountPrimaryMutation,
	readAdAccountOptions,
	readAdLoginOptions,
	readAdSyncOptions,
	readConnectOptionsOptions,
	startAdSyncMutation,
	unmapAdAccountMutation,
} from "@/api/generated/@tanstack/react-query.gen";

export const useAdAccounts = () => useQuery(listAdAccountsOptions());
export const useAdAccount = (account_id: string) => useQuery(readAdAccountOptions({ path: { account_id } }));
export const useConnectOptions = () => useQuery(readConnectOptionsOptions());
export const useBrandChoices = () => useQuery(listBrandsOptions());
/** A login does not change by itself, and what was ticked must not jump. */
export const useAdLogin = (login_id: string) =>
	useQuery({ ...readAdLoginOptions({ path: { login_id } }), staleTime: Infinity, retry: false });

export const useAdSync = (account_id: string) => useQuery(readAdSyncOptions({ path: { account_id } }));
export const useSyncRun = (run_id: string) => useQuery(getRunOptions({ path: { run_id } }));

function useAsksAnew() {
	const queries = useQueryClient();
	return () =>
		void queries.invalidateQueries({
			predicate: ({ queryKey }) => /AdAccount|AdSync/.test((queryKey[0] as { _id?: string })._id ?? ""),
		});
}

export const useBeginLogin = () => useMutation(beginAdLoginMutation());
export const useAnswerLogin = () => useMutation(answerAdLoginMutation());
export const useGiveToken = () => useMutation(giveAdTokenMutation());
export const useChooseAccounts = () =>
	useMutation({ ...chooseAdAccountsMutation(), onSettled: useAsksAnew() });
export const useDisconnect = () =>
	useMutation({ ...disconnectAdAccountMutation(), onSettled: useAsksAnew() });
export const useUnmap = () => useMutation({ ...unmapAdAccountMutation(), onSettled: useAsksAnew() });
export const useMakePrimary = () =>
	useMutation({ ...makeAdAccountPrimaryMutation(), onSettled: useAsksAnew() });
export const useStartSync = () => useMutation({ ...startAdSyncMutation(), onSettled: useAsksAnew() });
