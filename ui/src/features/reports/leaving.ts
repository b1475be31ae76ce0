import {
	infiniteQueryOptions,
	keepPreviousData,
	useInfiniteQuery,
	useMutation,
	useQuery,
	useQueryClient,
} from "@tanstack/react-query";
import {
	addReportScheduleMutation,
	changeReportScheduleMutation,
	getNotificationMailOptions,
	listMembersOptions,
	listReportFilesOptions,
	listReportSchedulesOptions,
	listReportSendingsQueryKey,
	listReportSharesOptions,
	makeReportFileMutation,
	pauseReportRecipientMutation,
	pauseReportScheduleMutation,
	readReportScheduleOptions,
	removeReportScheduleMutation,
	resendReportMutation,
	resumeReportRecipientMutation,
	resumeReportScheduleMutation,
	shareReportMutation,
	takeBackReportShareMutation,
	testReportScheduleMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import { listReportSendings, previewReportSchedule } from "@/api/generated/sdk.gen";
import type { RhythmPreview } from "@/api/generated/types.gen";

export const useMembers = () => useQuery(listMembersOptions());
export const useMail = () => useQuery(getNotificationMailOptions());
export const useReportSchedules = () => useQuery(listReportSchedulesOptions());
export const useReportSchedule = (report_schedule_id: string) =>
	useQuery(readReportScheduleOptions({ path: { report_schedule_id } }));
export const useNextTimes = (body: RhythmPreview) =>
	useQuery({
		queryKey: [{ _id: "previewReportSchedule", ...body }],
		queryFn: async ({ signal }) => (await previewReportSchedule({ body, signal, throwOnError: true })).data,
		enabled: body.time_zones.length > 0,
		placeholderData: keepPreviousData,
	});
export const useSendings = (schedule?: string) =>
	useInfiniteQuery(
		infiniteQueryOptions({
			queryKey: [...listReportSendingsQueryKey({ query: { schedule } }), "pages"],
			queryFn: async ({ pageParam, signal }) =>
				(await listReportSendings({ query: { schedule, cursor: pageParam }, signal, throwOnError: true }))
					.data,
			initialPageParam: undefined as string | undefined,
			getNextPageParam: (page) => page.next ?? undefined,
		}),
	);
export const useShares = (report_id: string) => useQuery(listReportSharesOptions({ path: { report_id } }));
export const useFiles = (report_id: string) => useQuery(listReportFilesOptions({ path: { report_id } }));

function useAsksAnew() {
	const queries = useQueryClient();
	return () =>
		queries.invalidateQueries({
			predicate: ({ queryKey }) =>
				/Report(Schedule|Sending|Share|File)/.test((queryKey[0] as { _id?: string })?._id ?? ""),
		});
}
export const useAddSchedule = () => useMutation({ ...addReportScheduleMutation(), onSettled: useAsksAnew() });
export const useChangeSchedule = () =>
	useMutation({ ...changeReportScheduleMutation(), onSettled: useAsksAnew() });
export const useRemoveSchedule = () =>
	useMutation({ ...removeReportScheduleMutation(), onSettled: useAsksAnew() });
export const usePauseSchedule = () =>
	useMutation({ ...pauseReportScheduleMutation(), onSettled: useAsksAnew() });
export const useResumeSchedule = () =>
	useMutation({ ...resumeReportScheduleMutation(), onSettled: useAsksAnew() });
export const usePauseRecipient = () =>
	useMutation({ ...pauseReportRecipientMutation(), onSettled: useAsksAnew() });
export const useResumeRecipient = () =>
	useMutation({ ...resumeReportRecipientMutation(), onSettled: useAsksAnew() });
export const useTestSchedule = () =>
	useMutation({ ...testReportScheduleMutation(), onSettled: useAsksAnew() });
export const useResend = () => useMutation({ ...resendReportMutation(), onSettled: useAsksAnew() });
export const useShare = () => useMutation({ ...shareReportMutation(), onSettled: useAsksAnew() });
export const useTakeBack = () => useMutation({ ...takeBackReportShareMutation(), onSettled: useAsksAnew() });
export const useMakeFile = () => useMutation({ ...makeReportFileMutation(), onSettled: useAsksAnew() });
