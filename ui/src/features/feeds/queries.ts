import {
	infiniteQueryOptions,
	useInfiniteQuery,
	useMutation,
	useQuery,
	useQueryClient,
} from "@tanstack/react-query";
import {
	feedHealthOptions,
	feedPacksOptions,
	followFeedMutation,
	listFeedsQueryKey,
	pauseFeedMutation,
	readFeedOptions,
	refreshFeedMutation,
	resumeFeedMutation,
	testFeedMutation,
	unfollowFeedMutation,
	updateFeedMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import { listFeeds } from "@/api/generated/sdk.gen";
import type { ListFeedsData, OpmlFeeds, OpmlResult } from "@/api/generated/types.gen";
import { meantFor } from "@/api/session";

type Wanted = NonNullable<ListFeedsData["query"]>;

export const useFeeds = (query: Wanted) =>
	useInfiniteQuery(
		infiniteQueryOptions({
			queryKey: listFeedsQueryKey({ query }),
			queryFn: async ({ pageParam, signal }) =>
				(await listFeeds({ query: { ...query, cursor: pageParam }, signal, throwOnError: true })).data,
			initialPageParam: undefined as string | undefined,
			getNextPageParam: (page) => page.next ?? undefined,
		}),
	);
export const useFeed = (feed_id: string) => useQuery(readFeedOptions({ path: { feed_id } }));
export const useFeedHealth = () => useQuery(feedHealthOptions());
export const useFeedPacks = () => useQuery(feedPacksOptions());

function useAsksAnew() {
	const queries = useQueryClient();
	return () =>
		queries.invalidateQueries({
			predicate: ({ queryKey }) => /Feed/.test((queryKey[0] as { _id?: string })._id ?? ""),
		});
}

export const useTestFeed = () => useMutation(testFeedMutation());
export const useFollowFeed = () => useMutation({ ...followFeedMutation(), onSettled: useAsksAnew() });
export const useUpdateFeed = () => useMutation({ ...updateFeedMutation(), onSettled: useAsksAnew() });
export const useUnfollowFeed = () => useMutation({ ...unfollowFeedMutation(), onSettled: useAsksAnew() });
export const useRefreshFeed = () => useMutation({ ...refreshFeedMutation(), onSettled: useAsksAnew() });
export const usePauseFeed = () => useMutation({ ...pauseFeedMutation(), onSettled: useAsksAnew() });
export const useResumeFeed = () => useMutation({ ...resumeFeedMutation(), onSettled: useAsksAnew() });

/** The file goes as it is: it says its own encoding. */
async function sendOpml<Result>(path: string, file: File): Promise<Result> {
	const answer = await fetch(path, {
		method: "POST",
		headers: { ...meantFor(), "Content-Type": "text/xml" },
		body: file,
	});
	const body: unknown = await answer.json();
	if (!answer.ok) throw body;
	return body as Result;
}
export const useLookAtOpml = () =>
	useMutation({ mutationFn: (file: File) => sendOpml<OpmlFeeds>("/api/feeds/opml/test", file) });
export const useImportOpml = () =>
	useMutation({
		mutationFn: (file: File) => sendOpml<OpmlResult>("/api/feeds/opml", file),
		onSettled: useAsksAnew(),
	});
