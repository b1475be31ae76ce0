import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
	acceptBrandLessonMutation,
	acceptToneLessonMutation,
	answerBrandSampleMutation,
	declineBrandLessonMutation,
	declineToneLessonMutation,
	drawBrandSampleMutation,
	learnFromBrandJudgementsMutation,
	learnFromSaidTonesMutation,
	promiseBrandPrecisionMutation,
	readBrandLessonOptions,
	readBrandSampleOptions,
	readBrandTrustOptions,
	readMentionOptions,
	readToneLessonOptions,
	readToneLessonsOptions,
	setBrandLimitMutation,
	undoBrandLessonMutation,
	undoToneLessonMutation,
	withdrawBrandPromiseMutation,
	withdrawBrandSampleAnswerMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import { sentence } from "@/api/problems";
import { complain } from "@/shared/undo";

export const useTrust = (brand_id: string) => useQuery(readBrandTrustOptions({ path: { brand_id } }));
export const useLesson = (lesson_id: string) => useQuery(readBrandLessonOptions({ path: { lesson_id } }));
export const useSample = (brand_id: string) => useQuery(readBrandSampleOptions({ path: { brand_id } }));
export const useMention = (mention_id: string) => useQuery(readMentionOptions({ path: { mention_id } }));

/** All that is known of a brand's trust is asked for anew: one change moves most of it. */
function useAsksAnew() {
	const queries = useQueryClient();
	return {
		onSettled: () =>
			queries.invalidateQueries({
				predicate: ({ queryKey }) =>
					/Brand(Trust|Lesson|Sample|Tone)|ToneLesson/.test((queryKey[0] as { _id?: string })._id ?? ""),
			}),
		onError: (error: unknown) => complain(sentence(error)),
	};
}

export const useSetLimit = () => useMutation({ ...setBrandLimitMutation(), ...useAsksAnew() });
export const usePromise = () => useMutation({ ...promiseBrandPrecisionMutation(), ...useAsksAnew() });
export const useWithdrawPromise = () => useMutation({ ...withdrawBrandPromiseMutation(), ...useAsksAnew() });
export const useLearn = () => useMutation({ ...learnFromBrandJudgementsMutation(), ...useAsksAnew() });
export const useAccept = () => useMutation({ ...acceptBrandLessonMutation(), ...useAsksAnew() });
export const useDecline = () => useMutation({ ...declineBrandLessonMutation(), ...useAsksAnew() });
export const useUndoLesson = () => useMutation({ ...undoBrandLessonMutation(), ...useAsksAnew() });
export const useToneLessons = () => useQuery(readToneLessonsOptions());
export const useToneLesson = (lesson_id: string) => useQuery(readToneLessonOptions({ path: { lesson_id } }));
export const useLearnTones = () => useMutation({ ...learnFromSaidTonesMutation(), ...useAsksAnew() });
export const useAcceptTones = () => useMutation({ ...acceptToneLessonMutation(), ...useAsksAnew() });
export const useDeclineTones = () => useMutation({ ...declineToneLessonMutation(), ...useAsksAnew() });
export const useUndoTones = () => useMutation({ ...undoToneLessonMutation(), ...useAsksAnew() });
export const useDraw = () => useMutation({ ...drawBrandSampleMutation(), ...useAsksAnew() });
export const useAnswer = () => useMutation({ ...answerBrandSampleMutation(), ...useAsksAnew() });
export const useWithdrawAnswer = () =>
	useMutation({ ...withdrawBrandSampleAnswerMutation(), ...useAsksAnew() });
