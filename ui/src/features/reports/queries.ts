import {
	infiniteQueryOptions,
	keepPreviousData,
	useInfiniteQuery,
	useMutation,
	useQuery,
	useQueryClient,
} from "@tanstack/react-query";
import {
	createReportMutation,
	deleteReportMutation,
	getRunOptions,
	listBrandsOptions,
	listReportsQueryKey,
	readBrandVoiceOptions,
	readReportEvidenceQueryKey,
	readReportOptions,
} from "@/api/generated/@tanstack/react-query.gen";
import { listReports, readReportEvidence } from "@/api/generated/sdk.gen";

export const useBrands = () => useQuery(listBrandsOptions());
/** The figures before stay while those of other days come. */
export const useBrandVoice = (brand_id: string, days: number) =>
	useQuery({
		...readBrandVoiceOptions({ path: { brand_id }, query: { days } }),
		placeholderData: keepPreviousData,
	});
export const useReport = (report_id: string) => useQuery(readReportOptions({ path: { report_id } }));
export const useComposing = (run_id: string) => useQuery(getRunOptions({ path: { run_id } }));
export const useReports = () =>
	useInfiniteQuery(
		infiniteQueryOptions({
			queryKey: listReportsQueryKey(),
			queryFn: async ({ pageParam, signal }) =>
				(await listReports({ query: { cursor: pageParam }, signal, throwOnError: true })).data,
			initialPageParam: undefined as string | undefined,
			getNextPageParam: (page) => page.next ?? undefined,
		}),
	);

/** The mentions behind one number. They never change: a report is frozen. */
export const useEvidence = (report_id: string, figure: string) =>
	useInfiniteQuery(
		infiniteQueryOptions({
			queryKey: readReportEvidenceQueryKey({ path: { report_id }, query: { figure } }),
			queryFn: async ({ pageParam, signal }) =>
				(
					await readReportEvidence({
						path: { report_id },
						query: { figure, cursor: pageParam },
						signal,
						throwOnError: true,
					})
				).data,
			initialPageParam: undefined as string | undefined,
			getNextPageParam: (page) => page.next ?? undefined,
			staleTime: Number.POSITIVE_INFINITY,
		}),
	);

function useAsksAnew() {
	const queries = useQueryClient();
	return () => queries.invalidateQueries({ queryKey: listReportsQueryKey() });
}
export const useCreateReport = () => useMutation({ ...createReportMutation(), onSettled: useAsksAnew() });
export const useDeleteReport = () => useMutation({ ...deleteReportMutation(), onSettled: useAsksAnew() });
