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
	getRunOptions,
	listBrandsOptions,
	listReportsOptions,
	listReportsQueryKey,
	readBrandVoiceOptions,
	readReportEvidenceQueryKey,
	readReportOptions,
} from "@/api/generated/@tanstack/react-query.gen";
import { listReports, readReportEvidence } from "@/api/generated/sdk.gen";
import type { ListReportsData } from "@/api/generated/types.gen";

export const useBrands = () => useQuery(listBrandsOptions());
/** The figures before stay while those of other days come. */
export const useBrandVoice = (brand_id: string, days: number) =>
	useQuery({
		...readBrandVoiceOptions({ path: { brand_id }, query: { days } }),
		placeholderData: keepPreviousData,
	});
export const useReport = (report_id: string) => useQuery(readReportOptions({ path: { report_id } }));
export const useComposing = (run_id: string) => useQuery(getRunOptions({ path: { run_id } }));
/** Those that are asked for. What is shown stays while others come. */
export const useReports = (query: Pick<NonNullable<ListReportsData["query"]>, "q" | "tag" | "archived">) =>
	useInfiniteQuery({
		...infiniteQueryOptions({
			queryKey: listReportsQueryKey({ query }),
			queryFn: async ({ pageParam, signal }) =>
				(await listReports({ query: { ...query, cursor: pageParam }, signal, throwOnError: true })).data,
			initialPageParam: undefined as string | undefined,
			getNextPageParam: (page) => page.next ?? undefined,
		}),
		placeholderData: keepPreviousData,
	});
/** Whether there is any report, put away or not. */
export const useAnyReport = () => useQuery(listReportsOptions({ query: { limit: 1 } }));

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
