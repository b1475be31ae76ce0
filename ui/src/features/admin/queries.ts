import {
	infiniteQueryOptions,
	keepPreviousData,
	useInfiniteQuery,
	useMutation,
	useQuery,
	useQueryClient,
} from "@tanstack/react-query";
import {
	addAlertRuleMutation,
	changeAlertRuleMutation,
	changeErrorGroupMutation,
	examineInstallationOptions,
	getAlertRuleOptions,
	getErrorGroupOptions,
	getOrganizationSizeOptions,
	listAlertRulesOptions,
	listErrorGroupsQueryKey,
	listLiveQualityQueryKey,
	listMetricNamesOptions,
	listNotificationChannelsOptions,
	listOrganizationSizesOptions,
	listProcessesOptions,
	listQueuesOptions,
	listSlowTracesOptions,
	measureOrganizationSizesMutation,
	readDatabaseOptions,
	readFeedsAcrossOptions,
	readInstallationHealthOptions,
	readMetricsOptions,
	readQualityOptions,
	removeAlertRuleMutation,
	silenceAlertRuleMutation,
	tryAlertRuleMutation,
	unsilenceAlertRuleMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import { listErrorGroups, listLiveQuality } from "@/api/generated/sdk.gen";
import type { FaultState, Hours, Span } from "./search";

/** Nothing tells the screen of these figures: it looks again by itself while somebody looks at it. */
const often = { refetchInterval: 10_000 };
const seldom = { refetchInterval: 60_000 };

export const useHealth = () => useQuery({ ...readInstallationHealthOptions(), ...often });
export const useProcesses = () => useQuery({ ...listProcessesOptions({ query: { days: 30 } }), ...often });
export const useQueues = () => useQuery({ ...listQueuesOptions(), ...often });
export const useOrganizations = () => useQuery({ ...listOrganizationSizesOptions(), ...seldom });
export const useOrganization = (organization_id: string) =>
	useQuery({ ...getOrganizationSizeOptions({ path: { organization_id } }), ...often });
export const useSlow = (hours: Hours) =>
	useQuery({ ...listSlowTracesOptions({ query: { hours } }), ...seldom, placeholderData: keepPreviousData });
export const useDatabase = () => useQuery({ ...readDatabaseOptions(), ...seldom });
export const useFeedsAcross = () => useQuery({ ...readFeedsAcrossOptions(), ...seldom });
export const useMetrics = (span: Span) =>
	useQuery({ ...readMetricsOptions({ query: { span } }), ...seldom, placeholderData: keepPreviousData });
export const useMetricNames = () => useQuery(listMetricNamesOptions());
export const useDoctor = () =>
	useQuery({ ...examineInstallationOptions(), staleTime: Infinity, retry: false });

export const useFaults = (state: FaultState) =>
	useInfiniteQuery({
		...infiniteQueryOptions({
			queryKey: listErrorGroupsQueryKey({ query: { state } }),
			queryFn: async ({ pageParam, signal }) =>
				(await listErrorGroups({ query: { state, cursor: pageParam }, signal, throwOnError: true })).data,
			initialPageParam: undefined as string | undefined,
			getNextPageParam: (page) => page.next ?? undefined,
		}),
		...seldom,
	});
export const useFault = (group_id: string) => useQuery(getErrorGroupOptions({ path: { group_id } }));

export const useChannels = () => useQuery(listNotificationChannelsOptions());
export const useRules = () => useQuery({ ...listAlertRulesOptions(), ...seldom });
export const useRule = (rule_id: string) => useQuery(getAlertRuleOptions({ path: { rule_id } }));

function useAsksAnew(words: RegExp) {
	const queries = useQueryClient();
	return () =>
		queries.invalidateQueries({
			predicate: ({ queryKey }) => words.test((queryKey[0] as { _id?: string })._id ?? ""),
		});
}
export const useChangeFault = () =>
	useMutation({ ...changeErrorGroupMutation(), onSettled: useAsksAnew(/ErrorGroup|InstallationHealth/) });
const RULES = /AlertRule/;
export const useAddRule = () => useMutation({ ...addAlertRuleMutation(), onSettled: useAsksAnew(RULES) });
export const useChangeRule = () =>
	useMutation({ ...changeAlertRuleMutation(), onSettled: useAsksAnew(RULES) });
export const useRemoveRule = () =>
	useMutation({ ...removeAlertRuleMutation(), onSettled: useAsksAnew(RULES) });
export const useSilence = () => useMutation({ ...silenceAlertRuleMutation(), onSettled: useAsksAnew(RULES) });
export const useUnsilence = () =>
	useMutation({ ...unsilenceAlertRuleMutation(), onSettled: useAsksAnew(RULES) });
export const useTryRule = () => useMutation({ ...tryAlertRuleMutation(), onSettled: useAsksAnew(RULES) });

/** The count is a run: what it came to is asked for a little later, and again with the usual look. */
export const useMeasure = () => {
	const asksAnew = useAsksAnew(/OrganizationSize/);
	return useMutation({
		...measureOrganizationSizesMutation(),
		onSuccess: () => {
			for (const wait of [2_000, 6_000, 15_000]) setTimeout(() => void asksAnew(), wait);
		},
	});
};

export const useQuality = () => useQuery(readQualityOptions());

export const useLiveQuality = () =>
	useInfiniteQuery(
		infiniteQueryOptions({
			queryKey: listLiveQualityQueryKey(),
			queryFn: async ({ pageParam, signal }) =>
				(await listLiveQuality({ query: { cursor: pageParam }, signal, throwOnError: true })).data,
			initialPageParam: undefined as string | undefined,
			getNextPageParam: (page) => page.next ?? undefined,
		}),
	);
