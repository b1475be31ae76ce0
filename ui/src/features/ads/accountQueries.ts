import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
	answerAdLoginMutation,
	beginAdLoginMutation,
	chooseAdAccountsMutation,
	disconnectAdAccountMutation,
	getRunOptions,
	giveAdTokenMutation,
	listAdAccountsOptions,
	listAdRestatementsOptions,
	listBrandsOptions,
	listConnectLinksOptions,
	lookAtAdConnectionMutation,
	makeAdAccountPrimaryMutation,
	makeConnectLinkMutation,
	readAdAccountOptions,
	readAdLoginOptions,
	readAdRestatementOptions,
	readAdSyncOptions,
	readConnectOptionsOptions,
	reconcileAdAccountOptions,
	startAdSyncMutation,
	takeBackConnectLinkMutation,
	unmapAdAccountMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import type { ImportOut, NewFileAccount, Restatements } from "@/api/generated/types.gen";
import { meantFor } from "@/api/session";

export type Metric = Restatements["metric"];

export const useAdAccounts = () => useQuery(listAdAccountsOptions());
export const useAdAccount = (account_id: string) => useQuery(readAdAccountOptions({ path: { account_id } }));
export const useConnectOptions = () => useQuery(readConnectOptionsOptions());
export const useBrandChoices = () => useQuery(listBrandsOptions());
/** A login does not change by itself, and what was ticked must not jump. */
export const useAdLogin = (login_id: string) =>
	useQuery({ ...readAdLoginOptions({ path: { login_id } }), staleTime: Infinity, retry: false });

export const useAdSync = (account_id: string) => useQuery(readAdSyncOptions({ path: { account_id } }));
export const useReconciliation = (account_id: string, show_in: string | undefined) =>
	useQuery({
		...reconcileAdAccountOptions({ path: { account_id }, query: { show_in } }),
		placeholderData: keepPreviousData,
	});
/** Of an account, or of one ad of it. */
export const useRestatements = (account_id: string, metric: Metric, ad_id?: string) =>
	useQuery({
		...listAdRestatementsOptions({ path: { account_id }, query: { metric, ad_id: ad_id ?? null } }),
		placeholderData: keepPreviousData,
	});
export const useRestatement = (account_id: string, day: string, metric: Metric) =>
	useQuery(readAdRestatementOptions({ path: { account_id, day }, query: { metric } }));
export const useSyncRun = (run_id: string) => useQuery(getRunOptions({ path: { run_id } }));

function useAsksAnew() {
	const queries = useQueryClient();
	return () =>
		void queries.invalidateQueries({
			predicate: ({ queryKey }) =>
				/AdAccount|AdSync|ConnectLink/.test((queryKey[0] as { _id?: string })._id ?? ""),
		});
}

export const useConnectLinks = (brand_id: string | undefined) =>
	useQuery({ ...listConnectLinksOptions({ query: { brand_id } }), enabled: brand_id !== undefined });
export const useMakeConnectLink = () =>
	useMutation({ ...makeConnectLinkMutation(), onSettled: useAsksAnew() });
export const useTakeBackConnectLink = () =>
	useMutation({ ...takeBackConnectLinkMutation(), onSettled: useAsksAnew() });

export const useBeginLogin = () => useMutation(beginAdLoginMutation());
export const useAnswerLogin = () => useMutation(answerAdLoginMutation());
export const useGiveToken = () => useMutation(giveAdTokenMutation());
export const useChooseAccounts = () =>
	useMutation({ ...chooseAdAccountsMutation(), onSettled: useAsksAnew() });
export const useDisconnect = () =>
	useMutation({ ...disconnectAdAccountMutation(), onSettled: useAsksAnew() });
export const useLookAgain = () => useMutation({ ...lookAtAdConnectionMutation(), onSettled: useAsksAnew() });
export const useUnmap = () => useMutation({ ...unmapAdAccountMutation(), onSettled: useAsksAnew() });
export const useMakePrimary = () =>
	useMutation({ ...makeAdAccountPrimaryMutation(), onSettled: useAsksAnew() });
export const useStartSync = () => useMutation({ ...startAdSyncMutation(), onSettled: useAsksAnew() });
type Table = {
	/** The account it goes into, or what one is to be that is made when the table is stored. */
	into: string | NewFileAccount;
	file: File;
	mapping: Record<string, string>;
	commit: boolean;
	skip: boolean;
};

const filled = (account: NewFileAccount) =>
	Object.fromEntries(Object.entries(account).filter((entry): entry is [string, string] => Boolean(entry[1])));

/** The file goes as it is: what it holds is found out where it is read. */
async function importTable({ into, file, mapping, commit, skip }: Table): Promise<ImportOut> {
	const fresh = typeof into === "string" ? {} : filled(into);
	const how = new URLSearchParams({
		...fresh,
		commit: String(commit),
		skip_faulty: String(skip),
		file_name: file.name,
		mapping: JSON.stringify(mapping),
	});
	const account = typeof into === "string" ? into : "files";
	const answer = await fetch(`/api/ad-accounts/${account}/imports?${how}`, {
		method: "POST",
		headers: { ...meantFor(), "Content-Type": "application/octet-stream" },
		body: file,
	});
	const body: unknown = await answer.json();
	if (!answer.ok) throw body;
	return body as ImportOut;
}
export const useImportTable = () => useMutation({ mutationFn: importTable, onSettled: useAsksAnew() });
