import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
	addCandidateAsAliasMutation,
	ignoreCandidateMutation,
	listCandidatesOptions,
	lookForBrandsMutation,
	promoteCandidateMutation,
	readCandidateOptions,
	takeBackDecisionMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import { sentence } from "@/api/problems";
import { complain } from "@/shared/undo";
import type { CandidateState } from "./search";

export const useCandidates = (state: CandidateState) =>
	useQuery({ ...listCandidatesOptions({ query: { state } }), placeholderData: keepPreviousData });
export const useCandidate = (candidate_id: string) =>
	useQuery(readCandidateOptions({ path: { candidate_id } }));

function useAsksAnew() {
	const queries = useQueryClient();
	// Not waited for: what is next is opened with the answer.
	return () =>
		void queries.invalidateQueries({
			predicate: ({ queryKey }) => /Candidate|Brand/.test((queryKey[0] as { _id?: string })._id ?? ""),
		});
}

const onError = (error: unknown) => complain(sentence(error));

export const useLook = () => useMutation(lookForBrandsMutation());
export function usePromote() {
	const onSettled = useAsksAnew();
	return useMutation({ ...promoteCandidateMutation(), onSettled, onError });
}
export function useAddAsAlias() {
	const onSettled = useAsksAnew();
	return useMutation({ ...addCandidateAsAliasMutation(), onSettled, onError });
}
export function useIgnore() {
	const onSettled = useAsksAnew();
	return useMutation({ ...ignoreCandidateMutation(), onSettled, onError });
}
export function useTakeBack() {
	const onSettled = useAsksAnew();
	return useMutation({ ...takeBackDecisionMutation(), onSettled, onError });
}
