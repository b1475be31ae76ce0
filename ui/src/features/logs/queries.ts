import {
	keepPreviousData,
	useInfiniteQuery,
	useMutation,
	useQuery,
	useQueryClient,
} from "@tanstack/react-query";
import {
	changeLogRetentionMutation,
	getLogRecordOptions,
	listLogSearchesOptions,
	listLogSearchesQueryKey,
	readLogRetentionOptions,
	readLogRetentionQueryKey,
	readLogStorageOptions,
	removeLogSearchMutation,
	saveLogSearchMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import { countLogRecords, listLogRecords } from "@/api/generated/sdk.gen";
import { filtersOf, type LogsSearch, type Query, windowOf } from "./search";

const AT_ONCE = 200;

/** What identifies a search: its time as it was chosen, so that "the last hour" is one search all day long. */
const keyOf = (search: LogsSearch) => [filtersOf(search), search.span, search.since, search.until];

/** The lines of a search, newest first. Further pages look into the time of the first. */
export const useLines = (search: LogsSearch) =>
	useInfiniteQuery({
		queryKey: [{ _id: "log-lines" }, ...keyOf(search)],
		queryFn: async ({ pageParam, signal }) => {
			const query = { ...filtersOf(search), ...(pageParam ?? windowOf(search)), limit: AT_ONCE };
			return (await listLogRecords({ query, signal, throwOnError: true })).data;
		},
		initialPageParam: undefined as Query | undefined,
		getNextPageParam: ({ next, since, until }): Query | undefined =>
			next ? { cursor: next, since, until } : undefined,
		refetchOnWindowFocus: false,
		staleTime: 10_000,
	});

export const useCounts = (search: LogsSearch) =>
	useQuery({
		queryKey: [{ _id: "log-counts" }, ...keyOf(search)],
		queryFn: async ({ signal }) =>
			(
				await countLogRecords({
					query: { ...filtersOf(search), ...windowOf(search) },
					signal,
					throwOnError: true,
				})
			).data,
		placeholderData: keepPreviousData,
		refetchOnWindowFocus: false,
		refetchInterval: search.live ? 15_000 : false,
	});

export const useLine = (log_line_id: string, scope: LogsSearch["scope"]) =>
	useQuery({
		...getLogRecordOptions({ path: { log_line_id }, query: { scope: scope ?? "organization" } }),
		staleTime: Infinity,
	});

const mine = (scope: LogsSearch["scope"]) => ({ query: { scope: scope ?? ("organization" as const) } });

export const useSearches = (scope: LogsSearch["scope"]) => useQuery(listLogSearchesOptions(mine(scope)));

function useAsksAnew(scope: LogsSearch["scope"]) {
	const queries = useQueryClient();
	return () => queries.invalidateQueries({ queryKey: listLogSearchesQueryKey(mine(scope)) });
}

export const useSaveSearch = (scope: LogsSearch["scope"]) =>
	useMutation({ ...saveLogSearchMutation(mine(scope)), onSettled: useAsksAnew(scope) });
export const useRemoveSearch = (scope: LogsSearch["scope"]) =>
	useMutation({ ...removeLogSearchMutation(mine(scope)), onSettled: useAsksAnew(scope) });

export const useRetention = () => useQuery(readLogRetentionOptions());
export const useStorage = (enabled: boolean) => useQuery({ ...readLogStorageOptions(), enabled });
export const useChangeRetention = () => {
	const queries = useQueryClient();
	return useMutation({
		...changeLogRetentionMutation(),
		onSuccess: (saved) => queries.setQueryData(readLogRetentionQueryKey(), saved),
	});
};
