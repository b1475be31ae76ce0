import {
	infiniteQueryOptions,
	useInfiniteQuery,
	useMutation,
	useQuery,
	useQueryClient,
} from "@tanstack/react-query";
import {
	archiveTopicMutation,
	changeTopicMutation,
	fillTopicMutation,
	listStoryTopicsOptions,
	listTopicMentionsQueryKey,
	listTopicsOptions,
	makeTopicMutation,
	readBrandToneOptions,
	readBrandTopicsOptions,
	readTopicOptions,
	restoreTopicMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import { listTopicMentions, sayMentionTopic, withdrawMentionTopic } from "@/api/generated/sdk.gen";
import type { TopicMentionOut } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { complain, offerUndo } from "@/shared/undo";

export const useTopics = () => useQuery(listTopicsOptions());
export const useTopic = (topic_id: string) => useQuery(readTopicOptions({ path: { topic_id } }));
export const useStoryTopics = (story_id: string) => useQuery(listStoryTopicsOptions({ path: { story_id } }));
export const useBrandTone = (brand_id: string) => useQuery(readBrandToneOptions({ path: { brand_id } }));
export const useBrandTopics = (brand_id: string) => useQuery(readBrandTopicsOptions({ path: { brand_id } }));

/** Mentions about a topic, newest first. */
export const useTopicMentions = (topic_id: string, standing: TopicMentionOut["standing"]) => {
	const options = { path: { topic_id }, query: { standing } };
	return useInfiniteQuery(
		infiniteQueryOptions({
			queryKey: listTopicMentionsQueryKey(options),
			queryFn: async ({ pageParam, signal }) => {
				const { data } = await listTopicMentions({
					...options,
					query: { standing, cursor: pageParam },
					signal,
					throwOnError: true,
				});
				return data;
			},
			initialPageParam: undefined as string | undefined,
			getNextPageParam: (page) => page.next ?? undefined,
		}),
	);
};

/** All that is known of topics is asked for anew: one answer moves lists, numbers and shares. */
function useAsksAnew() {
	const queries = useQueryClient();
	// Not waited for: what is to follow an answer follows it at once.
	return () =>
		void queries.invalidateQueries({
			predicate: ({ queryKey }) => /Topic/.test((queryKey[0] as { _id?: string })._id ?? ""),
		});
}

export function useMakeTopic() {
	const onSettled = useAsksAnew();
	return useMutation({ ...makeTopicMutation(), onSettled });
}
export function useChangeTopic() {
	const onSettled = useAsksAnew();
	return useMutation({ ...changeTopicMutation(), onSettled });
}
export function useArchiveTopic() {
	const onSettled = useAsksAnew();
	return useMutation({ ...archiveTopicMutation(), onSettled });
}
export function useRestoreTopic() {
	const onSettled = useAsksAnew();
	return useMutation({ ...restoreTopicMutation(), onSettled });
}
export function useFillTopic() {
	const onSettled = useAsksAnew();
	return useMutation({ ...fillTopicMutation(), onSettled });
}

type Word = { mention: string; topic: string; title: string; verdict: "yes" | "no" | null };

/** Says whether a mention is about a topic, and offers to take it back; `onBack` hears when the word is refused or taken back. */
export function useSayTopic() {
	const onSettled = useAsksAnew();
	const { mutateAsync } = useMutation({
		mutationFn: async ({ mention, topic, verdict }: Word) => {
			const path = { mention_id: mention, topic_id: topic };
			if (verdict) await sayMentionTopic({ path, body: { verdict }, throwOnError: true });
			else await withdrawMentionTopic({ path, throwOnError: true });
		},
		onSettled,
		onError: (error) => complain(sentence(error)),
	});
	return (word: Word, before: Word["verdict"], onBack?: () => void) => {
		const said = mutateAsync(word);
		said.catch(() => onBack?.());
		const done =
			word.verdict === "yes"
				? `It is about ${word.title}`
				: word.verdict === "no"
					? `It is not about ${word.title}`
					: "Taken back";
		offerUndo(done, () => {
			onBack?.();
			// After the word itself; a refusal is told by the mutation.
			said.then(() => mutateAsync({ ...word, verdict: before })).catch(() => {});
		});
	};
}
