import {
	infiniteQueryOptions,
	useInfiniteQuery,
	useMutation,
	useQuery,
	useQueryClient,
} from "@tanstack/react-query";
import { useRef } from "react";
import {
	listReportDeedsQueryKey,
	listReportTagsOptions,
	readReportDeedOptions,
} from "@/api/generated/@tanstack/react-query.gen";
import { countMatchingReports, listReportDeeds, markReports, undoReportDeed } from "@/api/generated/sdk.gen";
import type { MatchingReports, NewReportDeed, ReportDeedOut } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { plural } from "@/shared/numbers";
import { complain, offerUndo, say } from "@/shared/undo";

export type Filter = MatchingReports;

const concerned = /Report/;

function useAsksAnew() {
	const queries = useQueryClient();
	// Not waited for: a hand is free again with the answer.
	return () =>
		void queries.invalidateQueries({
			predicate: ({ queryKey }) => concerned.test((queryKey[0] as { _id?: string } | undefined)?._id ?? ""),
		});
}

const refused = (error: Error) => complain(sentence(error));

function useMark() {
	const onSettled = useAsksAnew();
	return useMutation({
		mutationFn: async (body: NewReportDeed) => (await markReports({ body, throwOnError: true })).data,
		onSettled,
		onError: refused,
	});
}

export function useUndoReportDeed() {
	const onSettled = useAsksAnew();
	return useMutation({
		mutationFn: async (deed_id: string) =>
			(await undoReportDeed({ path: { deed_id }, throwOnError: true })).data,
		onSettled,
		onError: refused,
	});
}

type TakeBack = { deed: string; done: string; close: () => void };

/** Doing to reports and taking back, as many steps as were made; a failure is said by whatever failed. */
export function useReportDeeds() {
	const { mutateAsync: does, isPending: busy } = useMark();
	const { mutateAsync: takesBack } = useUndoReportDeed();
	const past = useRef<TakeBack[]>([]);
	const atWork = useRef(false);

	const forget = (one: TakeBack) => {
		const at = past.current.indexOf(one);
		if (at !== -1) past.current.splice(at, 1);
		return at !== -1;
	};
	const act = (deed: NewReportDeed, then?: () => void) => {
		// One at a time: a key pressed twice is meant once.
		if (atWork.current) return;
		atWork.current = true;
		does(deed)
			.then((made) => {
				then?.();
				const one: TakeBack = { deed: made.id, done: deedInWords(made), close: () => {} };
				past.current.push(one);
				one.close = offerUndo(one.done, () => {
					if (forget(one)) takesBack(one.deed).catch(said);
				});
			})
			.catch(said)
			.finally(() => {
				atWork.current = false;
			});
	};
	const undo = () => {
		const last = past.current.pop();
		if (!last) return;
		last.close();
		takesBack(last.deed)
			.then(() => say(`Taken back: “${last.done}”`))
			.catch(said);
	};
	/** It is taken back where it is listed: neither the message nor the key offers that any more. */
	const takenBack = (deed: string) => {
		const one = past.current.find((one) => one.deed === deed);
		if (one && forget(one)) one.close();
	};
	return { act, undo, takenBack, busy };
}

/** The mutation has told it already. */
const said = () => {};

export const useReportTags = (wanted: boolean) => useQuery({ ...listReportTagsOptions(), enabled: wanted });
export const useReportTagNames = () => useReportTags(true).data?.items.map(({ tag }) => tag) ?? [];

export const useReportDeed = (deed_id: string) => useQuery(readReportDeedOptions({ path: { deed_id } }));

export const useReportDeedsDone = () =>
	useInfiniteQuery(
		infiniteQueryOptions({
			queryKey: listReportDeedsQueryKey(),
			queryFn: async ({ pageParam, signal }) =>
				(await listReportDeeds({ query: { cursor: pageParam }, signal, throwOnError: true })).data,
			initialPageParam: undefined as string | undefined,
			getNextPageParam: (page) => page.next ?? undefined,
		}),
	);

/** How many reports match, asked only while somebody chooses. */
export const useMatchingReports = (filter: Filter, wanted: boolean) =>
	useQuery({
		queryKey: [{ _id: "countMatchingReports" }, filter],
		queryFn: async ({ signal }) =>
			(await countMatchingReports({ body: filter, signal, throwOnError: true })).data,
		enabled: wanted,
	});

const DONE: Record<ReportDeedOut["kind"], string> = {
	archive: "Archived",
	unarchive: "Brought back",
	tag: "Tagged",
	untag: "Tag taken off",
	delete: "Deleted",
};

/** What was done, in a line. */
export function deedInWords({ kind, total, changed, failed, tag, titles }: ReportDeedOut): string {
	const what = tag ? `${DONE[kind]} “${tag}”` : DONE[kind];
	const same = total - changed - failed;
	const rest = [
		same > 0 && `${same} ${same === 1 ? "was" : "were"} so before`,
		failed > 0 && `${failed} could not be`,
	].filter(Boolean);
	const [only] = titles ?? [];
	const whom = changed === 1 && only ? `“${only}”` : plural(changed, "report");
	return `${what}: ${whom}${rest.length ? ` (${rest.join(", ")})` : ""}`;
}
