import {
	type InfiniteData,
	infiniteQueryOptions,
	useInfiniteQuery,
	useMutation,
	useQuery,
	useQueryClient,
} from "@tanstack/react-query";
import {
	askSecondOpinionMutation,
	countStoriesOptions,
	listMentionsQueryKey,
	listStoriesQueryKey,
	listStoryOpinionsOptions,
	readStoryOptions,
	readStoryQueryKey,
} from "@/api/generated/@tanstack/react-query.gen";
import {
	archiveStory,
	judgeMention,
	listMentions,
	listStories,
	sayMentionTones,
	starStory,
	unarchiveStory,
	unstarStory,
	withdrawJudgement,
} from "@/api/generated/sdk.gen";
import type {
	ListMentionsData,
	ListStoriesData,
	StoryDetail,
	StoryPage,
	ToneOfOne,
} from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import type { ToneName } from "@/shared/Tone";
import { complain } from "@/shared/undo";

export type Wanted = NonNullable<ListStoriesData["query"]>;

const storiesOptions = (query: Wanted) =>
	infiniteQueryOptions({
		queryKey: listStoriesQueryKey({ query }),
		queryFn: async ({ pageParam, signal }) => {
			const { data } = await listStories({
				query: { ...query, cursor: pageParam },
				signal,
				throwOnError: true,
			});
			return data;
		},
		initialPageParam: undefined as string | undefined,
		getNextPageParam: (page) => page.next ?? undefined,
	});

export type WantedMentions = NonNullable<ListMentionsData["query"]>;

/** Mentions one by one, newest first. */
export const useMentions = (wanted: WantedMentions) => {
	const query: WantedMentions = { ...wanted, limit: 30 };
	return useInfiniteQuery(
		infiniteQueryOptions({
			queryKey: listMentionsQueryKey({ query }),
			queryFn: async ({ pageParam, signal }) => {
				const { data } = await listMentions({
					query: { ...query, cursor: pageParam },
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

export const useStories = (query: Wanted) => useInfiniteQuery(storiesOptions(query));
export const useStoryCounts = () => useQuery(countStoriesOptions());
export const useStory = (story_id: string) => useQuery(readStoryOptions({ path: { story_id } }));

export const useOpinions = (story_id: string) => useQuery(listStoryOpinionsOptions({ path: { story_id } }));
export const useAskOpinion = () => useMutation(askSecondOpinionMutation());

/** A change to stories that can be taken back, and what it did in words. */
export type Deed =
	| {
			kind: "judge";
			story: string;
			mention: string;
			verdict: "yes" | "no" | null;
			before: "yes" | "no" | null;
	  }
	| { kind: "tone"; story: string; tones: ToneOfOne[]; before: ToneOfOne[] }
	| { kind: "star" | "archive"; story: string; on: boolean };

export function opposite(deed: Deed): Deed {
	if (deed.kind === "judge") return { ...deed, verdict: deed.before, before: deed.verdict };
	if (deed.kind === "tone") return { ...deed, tones: deed.before, before: deed.tones };
	return { ...deed, on: !deed.on };
}

async function send(deed: Deed): Promise<void> {
	if (deed.kind === "judge") {
		const path = { mention_id: deed.mention };
		// What one saw is said along: a word that somebody else gave meanwhile is not replaced unseen.
		const over = deed.before ?? "none";
		if (deed.verdict) await judgeMention({ path, body: { verdict: deed.verdict, over }, throwOnError: true });
		else await withdrawJudgement({ path, query: { over }, throwOnError: true });
		return;
	}
	if (deed.kind === "tone") {
		await sayMentionTones({ body: { tones: deed.tones }, throwOnError: true });
		return;
	}
	const path = { story_id: deed.story };
	const call = { star: [unstarStory, starStory], archive: [unarchiveStory, archiveStory] }[deed.kind][
		Number(deed.on)
	];
	await call?.({ path, throwOnError: true });
}

/** Does a deed, and shows it at once; what the server refuses is shown as it was. */
export function useDeed() {
	const queries = useQueryClient();
	return useMutation({
		mutationFn: send,
		onMutate: (deed) => {
			queries.setQueryData<StoryDetail>(
				readStoryQueryKey({ path: { story_id: deed.story } }),
				(story) => story && done(story, deed),
			);
			queries.setQueriesData<InfiniteData<StoryPage>>(
				{ predicate: ({ queryKey }) => isStories(queryKey) },
				(list) =>
					list && {
						...list,
						pages: list.pages.map((page) => ({
							...page,
							items: page.items.map((story) => (story.id === deed.story ? done(story, deed) : story)),
						})),
					},
			);
		},
		onError: (error) => complain(sentence(error)),
		onSettled: (_data, _error, deed) => {
			void queries.invalidateQueries({
				predicate: ({ queryKey }) => [isStories, isCounts, isMentions].some((is) => is(queryKey)),
			});
			void queries.invalidateQueries({ queryKey: readStoryQueryKey({ path: { story_id: deed.story } }) });
		},
	});
}

const named = (name: string) => (key: readonly unknown[]) =>
	(key[0] as { _id?: string } | undefined)?._id === name;
const isStories = named("listStories");
const isCounts = named("countStories");
const isMentions = named("listMentions");

type Judged = {
	id: string;
	judgement: "yes" | "no" | null;
	tone: ToneName;
	tone_read: ToneName | null;
};

function done<
	T extends { starred: boolean; archived: boolean; mentions: Judged[]; timeline?: { mentions: Judged[] }[] },
>(story: T, deed: Deed): T {
	if (deed.kind !== "judge" && deed.kind !== "tone")
		return { ...story, [deed.kind === "star" ? "starred" : "archived"]: deed.on };
	const changed = <M extends Judged>(mention: M): M => {
		if (deed.kind === "judge")
			return mention.id === deed.mention ? { ...mention, judgement: deed.verdict } : mention;
		const said = deed.tones.find(({ mention_id }) => mention_id === mention.id);
		if (!said) return mention;
		const read = mention.tone_read ?? mention.tone;
		return { ...mention, tone: said.tone ?? read, tone_read: said.tone ? read : null };
	};
	return {
		...story,
		mentions: story.mentions.map(changed),
		...(story.timeline && {
			timeline: story.timeline.map((article) => ({ ...article, mentions: article.mentions.map(changed) })),
		}),
	};
}
