import {
	infiniteQueryOptions,
	useInfiniteQuery,
	useMutation,
	useQuery,
	useQueryClient,
} from "@tanstack/react-query";
import {
	listStoryDeedsQueryKey,
	listStoryTagsOptions,
	readStoryDeedOptions,
} from "@/api/generated/@tanstack/react-query.gen";
import {
	chooseStoryHeadline,
	countMatchingStories,
	countMentionsThatMatch,
	listStoryDeeds,
	markStories,
	mergeStories,
	sayOfMentions,
	splitStory,
	undoStoryDeed,
	withdrawStoryHeadline,
} from "@/api/generated/sdk.gen";
import type { DeedOut, Matching, MatchingMentions, NewDeed, NewMentionDeed } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { plural } from "@/shared/numbers";
import { complain } from "@/shared/undo";

/** What a hand does to stories beyond one of them: each is on file on the server, and taken back by its name. */
export type HandWork =
	| { work: "merge"; into: string; stories: string[] }
	| { work: "split"; story: string; articles: string[] }
	| { work: "headline"; story: string; article: string | null }
	| ({ work: "mark" } & NewDeed)
	| ({ work: "say" } & NewMentionDeed);

export type Filter = Matching;
export type MentionFilter = MatchingMentions;

async function send(hand: HandWork): Promise<DeedOut> {
	const throwOnError = true as const;
	switch (hand.work) {
		case "merge":
			return (await mergeStories({ body: { into: hand.into, stories: hand.stories }, throwOnError })).data;
		case "split":
			return (
				await splitStory({
					path: { story_id: hand.story },
					body: { articles: hand.articles },
					throwOnError,
				})
			).data;
		case "headline": {
			const path = { story_id: hand.story };
			if (!hand.article) return (await withdrawStoryHeadline({ path, throwOnError })).data;
			return (await chooseStoryHeadline({ path, body: { article_id: hand.article }, throwOnError })).data;
		}
		case "mark": {
			const { work: _, ...body } = hand;
			return (await markStories({ body, throwOnError })).data;
		}
		case "say": {
			const { work: _, ...body } = hand;
			return (await sayOfMentions({ body, throwOnError })).data;
		}
	}
}

const concerned = /Stor(y|ies)|Mention/;

function useAsksAnew() {
	const queries = useQueryClient();
	// Not waited for: a hand is free again with the answer.
	return () =>
		void queries.invalidateQueries({
			predicate: ({ queryKey }) => concerned.test((queryKey[0] as { _id?: string } | undefined)?._id ?? ""),
		});
}

const refused = (error: Error) => complain(sentence(error));

export function useHand() {
	const onSettled = useAsksAnew();
	return useMutation({ mutationFn: send, onSettled, onError: refused });
}

export function useUndoDeed() {
	const onSettled = useAsksAnew();
	return useMutation({
		mutationFn: async (deed_id: string) =>
			(await undoStoryDeed({ path: { deed_id }, throwOnError: true })).data,
		onSettled,
		onError: refused,
	});
}

export const useTags = () => useQuery(listStoryTagsOptions());

export const useStoryDeed = (deed_id: string) => useQuery(readStoryDeedOptions({ path: { deed_id } }));

export const useDeedsDone = () =>
	useInfiniteQuery(
		infiniteQueryOptions({
			queryKey: listStoryDeedsQueryKey(),
			queryFn: async ({ pageParam, signal }) =>
				(await listStoryDeeds({ query: { cursor: pageParam }, signal, throwOnError: true })).data,
			initialPageParam: undefined as string | undefined,
			getNextPageParam: (page) => page.next ?? undefined,
		}),
	);

/** How many stories match, asked only while somebody chooses. */
export const useMatching = (filter: Filter, wanted: boolean) =>
	useQuery({
		queryKey: [{ _id: "countMatchingStories" }, filter],
		queryFn: async ({ signal }) =>
			(await countMatchingStories({ body: filter, signal, throwOnError: true })).data,
		enabled: wanted,
	});

/** The same of mentions. */
export const useMatchingMentions = (filter: MentionFilter, wanted: boolean) =>
	useQuery({
		queryKey: [{ _id: "countMentionsThatMatch" }, filter],
		queryFn: async ({ signal }) =>
			(await countMentionsThatMatch({ body: filter, signal, throwOnError: true })).data,
		enabled: wanted,
	});

const DONE: Record<DeedOut["kind"], string> = {
	merge: "Merged",
	split: "Split off",
	headline: "Headline chosen",
	star: "Starred",
	unstar: "Star taken off",
	archive: "Archived",
	unarchive: "Brought back",
	tag: "Tagged",
	untag: "Tag taken off",
	delete: "Deleted",
	yes: "Judged as the brand",
	no: "Judged as not the brand",
	unjudge: "Judgement taken back",
	tone: "Tone said",
	untone: "Tone as it was read",
};
const OF_MENTIONS: ReadonlySet<DeedOut["kind"]> = new Set(["yes", "no", "unjudge", "tone", "untone"]);

/** How many of what a deed is about. */
export const deedObjects = (kind: DeedOut["kind"], number: number): string =>
	OF_MENTIONS.has(kind) ? plural(number, "mention") : plural(number, "story", "stories");

/** What was done, in a line. */
export function deedInWords({ kind, total, changed, failed, tag, tone, state }: DeedOut): string {
	if (kind === "headline" || kind === "split") return DONE[kind];
	if (kind === "merge") return `Merged ${plural(total, "story", "stories")} into one`;
	const said = tag ?? tone;
	const what = said ? `${DONE[kind]} “${said}”` : DONE[kind];
	if (state === "doing") return `${what}: ${deedObjects(kind, total)}, going on under Jobs`;
	const same = total - changed - failed;
	const rest = [
		same > 0 && `${same} ${same === 1 ? "was" : "were"} so before`,
		failed > 0 && `${failed} could not be`,
	].filter(Boolean);
	return `${what}: ${deedObjects(kind, changed)}${rest.length ? ` (${rest.join(", ")})` : ""}`;
}
