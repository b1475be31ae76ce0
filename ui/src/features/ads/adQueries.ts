import {
	keepPreviousData,
	useInfiniteQuery,
	useMutation,
	useQuery,
	useQueryClient,
} from "@tanstack/react-query";
import {
	changeAdMetricMutation,
	listAdMetricsOptions,
	listAdRulesOptions,
	listAdsByPageOptions,
	listAdsQueryKey,
	listAdViewsOptions,
	listLandingPagesOptions,
	makeAdMetricMutation,
	readAdAimsOptions,
	readAdChangesOptions,
	readAdNamingOptions,
	readAdOptions,
	removeAdMetricMutation,
	removeAdViewMutation,
	renameAdViewMutation,
	saveAdViewMutation,
	setAdAimsMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import { listAds, listAdsByPage } from "@/api/generated/sdk.gen";
import type { AdOut, AdPage, ListAdsData } from "@/api/generated/types.gen";
import type { AdsSearch } from "./adSearch";

const PAGE = 100;
const WINDOWS = [7, 14, 28, 90] as const;
const HEALTHS = ["healthy", "warning", "critical", "unjudged", "insufficient"] as const;
const one = <T>(all: readonly T[], value: unknown): T | undefined =>
	all.find((each) => String(each) === value);

function asked(search: AdsSearch): NonNullable<ListAdsData["query"]> {
	return {
		window: one(WINDOWS, search.window),
		columns: search.columns,
		sort: search.sort,
		brand_id: search.brand,
		account_id: search.account,
		currency: search.currency,
		show_in: search.in,
		status: search.status,
		health: one(HEALTHS, search.health),
		rule: search.rule,
		page: search.page,
		q: search.q,
	};
}

/** Pages alone can be in order by how many ads lead there. */
export const askedOfAds = (search: AdsSearch) =>
	asked(/^-?ads$/.test(search.sort ?? "") ? { ...search, sort: undefined } : search);

/** All ads that match, a hundred at a time as they are scrolled to. */
export function useAds(search: AdsSearch, enabled = true) {
	const query = askedOfAds(search);
	return useInfiniteQuery({
		queryKey: listAdsQueryKey({ query }),
		queryFn: async ({ pageParam, signal }) => {
			const { data } = await listAds({
				query: { ...query, offset: pageParam, limit: PAGE },
				signal,
				throwOnError: true,
			});
			return data;
		},
		initialPageParam: 0,
		getNextPageParam: (page, pages) => {
			const had = pages.reduce((sum, { items }) => sum + items.length, 0);
			return page.items.length > 0 && had < page.total ? had : undefined;
		},
		placeholderData: keepPreviousData,
		enabled,
	});
}

/** The same ads by the page that they lead to; asked while that is what is looked at. */
export function useAdsByPage(search: AdsSearch, enabled = true) {
	const options = listAdsByPageOptions({ query: asked(search) });
	return useQuery({
		...options,
		enabled: enabled && search.by === "page",
		placeholderData: keepPreviousData,
	});
}

const MOST_AT_ONCE = 200;

/** Every ad that matches, with the columns that were asked for; a few hundred at a time. */
async function everyAd(search: AdsSearch): Promise<AdPage> {
	const query = askedOfAds(search);
	const items: AdOut[] = [];
	for (;;) {
		const { data } = await listAds({
			query: { ...query, offset: items.length, limit: MOST_AT_ONCE },
			throwOnError: true,
		});
		items.push(...data.items);
		if (data.items.length === 0 || items.length >= data.total) return { ...data, items };
	}
}
export const useEveryAd = () => useMutation({ mutationFn: everyAd });

export const useEveryPage = () =>
	useMutation({
		mutationFn: async (search: AdsSearch) =>
			(await listAdsByPage({ query: asked(search), throwOnError: true })).data,
	});

export const useAdChanges = ({ brand, account, in: show_in }: AdsSearch) =>
	useQuery({
		...readAdChangesOptions({ query: { brand_id: brand, account_id: account, show_in } }),
		placeholderData: keepPreviousData,
	});
export const useLandingPages = () => useQuery(listLandingPagesOptions());
export const useAd = (ad_id: string, show_in: string | undefined) =>
	useQuery(readAdOptions({ path: { ad_id }, query: { show_in } }));
export const useAdMetrics = () => useQuery(listAdMetricsOptions());
export const useAdRules = () => useQuery({ ...listAdRulesOptions(), staleTime: Number.POSITIVE_INFINITY });
export const useAdViews = () => useQuery(listAdViewsOptions());
export const useAims = (account_id: string) => useQuery(readAdAimsOptions({ path: { account_id } }));
export const useNaming = (account_id: string, pattern: string | undefined) =>
	useQuery({
		...readAdNamingOptions({ path: { account_id }, query: { pattern } }),
		placeholderData: keepPreviousData,
		retry: false,
	});

/** Whatever is known of ads may look otherwise now. */
function useAsksAnew() {
	const queries = useQueryClient();
	return () =>
		void queries.invalidateQueries({
			predicate: ({ queryKey }) =>
				/^(list|read)Ad(s|$|Changes|Metrics|Views|Aims|Naming)/.test(
					(queryKey[0] as { _id?: string })._id ?? "",
				),
		});
}

export const useMakeMetric = () => useMutation({ ...makeAdMetricMutation(), onSettled: useAsksAnew() });
export const useChangeMetric = () => useMutation({ ...changeAdMetricMutation(), onSettled: useAsksAnew() });
export const useRemoveMetric = () => useMutation({ ...removeAdMetricMutation(), onSettled: useAsksAnew() });
export const useSaveView = () => useMutation({ ...saveAdViewMutation(), onSettled: useAsksAnew() });
export const useRenameView = () => useMutation({ ...renameAdViewMutation(), onSettled: useAsksAnew() });
export const useRemoveView = () => useMutation({ ...removeAdViewMutation(), onSettled: useAsksAnew() });
export const useSetAims = () => useMutation({ ...setAdAimsMutation(), onSettled: useAsksAnew() });
