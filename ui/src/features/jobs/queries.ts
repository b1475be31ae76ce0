import {
	infiniteQueryOptions,
	keepPreviousData,
	useInfiniteQuery,
	useMutation,
	useQuery,
	useQueryClient,
} from "@tanstack/react-query";
import {
	addScheduleMutation,
	cancelRunMutation,
	changeRunsMutation,
	changeScheduleMutation,
	cleanUpRunsMutation,
	countDeadLettersOptions,
	getRunOptions,
	getScheduleOptions,
	listBrandsOptions,
	listDeadLettersQueryKey,
	listJobsOptions,
	listNextRunsQueryKey,
	listRunsQueryKey,
	listSchedulesQueryKey,
	pauseRunMutation,
	pauseScheduleMutation,
	readRunLogQueryKey,
	removeScheduleMutation,
	replayDeadLettersMutation,
	replayRunMutation,
	resumeRunMutation,
	resumeScheduleMutation,
	startRunMutation,
	startScheduledRunMutation,
	undoChangeOfRunsMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import {
	cleanUpRuns,
	listDeadLetters,
	listNextRuns,
	listRuns,
	listSchedules,
	previewSchedule,
	readRunLog,
} from "@/api/generated/sdk.gen";
import type { ListDeadLettersData, ListRunsData, LogLineOut, LogOut } from "@/api/generated/types.gen";

type Wanted = NonNullable<ListRunsData["query"]>;

export const useBrands = () => useQuery(listBrandsOptions());
export const useJobs = () => useQuery({ ...listJobsOptions(), staleTime: Infinity });
export const useRuns = (query: Wanted) =>
	useInfiniteQuery(
		infiniteQueryOptions({
			queryKey: listRunsQueryKey({ query }),
			queryFn: async ({ pageParam, signal }) =>
				(await listRuns({ query: { ...query, cursor: pageParam }, signal, throwOnError: true })).data,
			initialPageParam: undefined as string | undefined,
			getNextPageParam: (page) => page.next ?? undefined,
		}),
	);
type Dead = NonNullable<ListDeadLettersData["query"]>;

export const useDeadGroups = () => useQuery(countDeadLettersOptions());
export const useDeadLetters = (query: Dead) =>
	useInfiniteQuery(
		infiniteQueryOptions({
			queryKey: listDeadLettersQueryKey({ query }),
			queryFn: async ({ pageParam, signal }) =>
				(await listDeadLetters({ query: { ...query, cursor: pageParam }, signal, throwOnError: true })).data,
			initialPageParam: undefined as string | undefined,
			getNextPageParam: (page) => page.next ?? undefined,
			placeholderData: keepPreviousData,
		}),
	);
export const useCalendar = (days: number) =>
	useQuery({
		queryKey: [...listNextRunsQueryKey(), days],
		queryFn: async ({ signal }) => {
			const until = new Date(Date.now() + days * 86_400_000).toISOString();
			return (await listNextRuns({ query: { until, limit: 2000 }, signal, throwOnError: true })).data;
		},
		placeholderData: keepPreviousData,
	});
export const useRun = (run_id: string) => useQuery(getRunOptions({ path: { run_id } }));
export const useSchedules = (search: string | undefined) =>
	useInfiniteQuery(
		infiniteQueryOptions({
			queryKey: listSchedulesQueryKey({ query: { search } }),
			queryFn: async ({ pageParam, signal }) =>
				(await listSchedules({ query: { search, cursor: pageParam }, signal, throwOnError: true })).data,
			initialPageParam: undefined as string | undefined,
			getNextPageParam: (page) => page.next ?? undefined,
			placeholderData: keepPreviousData,
		}),
	);
export const useSchedule = (schedule_id: string) => useQuery(getScheduleOptions({ path: { schedule_id } }));

type Level = LogLineOut["level"];
type Log = Pick<LogOut, "items" | "last" | "over">;
const KEPT = 20_000;

/** The whole log of a run from a level on; when it grows, only what is new is asked for. */
export function useLog(run_id: string, level: Level) {
	const queries = useQueryClient();
	const queryKey = readRunLogQueryKey({ path: { run_id }, query: { level } });
	return useQuery({
		queryKey,
		queryFn: async ({ signal }): Promise<Log> => {
			let log = queries.getQueryData<Log>(queryKey) ?? { items: [], last: 0, over: false };
			for (let more = true; more; ) {
				const { data } = await readRunLog({
					path: { run_id },
					query: { level, after: log.last, limit: 1000 },
					signal,
					throwOnError: true,
				});
				log = { items: [...log.items, ...data.items].slice(-KEPT), last: data.last, over: data.over };
				more = data.more;
			}
			return log;
		},
		structuralSharing: false,
	});
}

export const usePreview = (cron: string, time_zone: string) =>
	useQuery({
		queryKey: [{ _id: "previewSchedule", cron, time_zone }],
		queryFn: async ({ signal }) =>
			(await previewSchedule({ body: { cron, time_zone }, signal, throwOnError: true })).data,
		enabled: cron.trim() !== "" && time_zone !== "",
		placeholderData: keepPreviousData,
	});

function useAsksAnew() {
	const queries = useQueryClient();
	return () =>
		queries.invalidateQueries({
			predicate: ({ queryKey }) =>
				/Run|Schedule|DeadLetter/.test((queryKey[0] as { _id?: string })._id ?? ""),
		});
}

/** What a cleanup would do; asked again while somebody looks, because runs go on and end meanwhile. */
export const useStuck = (older_than: string) =>
	useQuery({
		queryKey: [{ _id: "stuckRuns", older_than }],
		queryFn: async ({ signal }) =>
			(await cleanUpRuns({ query: { older_than, dry_run: true }, signal, throwOnError: true })).data,
		refetchInterval: 15_000,
		placeholderData: keepPreviousData,
	});
export const useCleanUp = () => useMutation({ ...cleanUpRunsMutation(), onSettled: useAsksAnew() });

export const useStartRun = () => useMutation({ ...startRunMutation(), onSettled: useAsksAnew() });
export const useCancelRun = () => useMutation({ ...cancelRunMutation(), onSettled: useAsksAnew() });
export const usePauseRun = () => useMutation({ ...pauseRunMutation(), onSettled: useAsksAnew() });
export const useResumeRun = () => useMutation({ ...resumeRunMutation(), onSettled: useAsksAnew() });
export const useReplayRun = () => useMutation({ ...replayRunMutation(), onSettled: useAsksAnew() });
export const useChangeRuns = () => useMutation({ ...changeRunsMutation(), onSettled: useAsksAnew() });
export const useUndoChange = () => useMutation({ ...undoChangeOfRunsMutation(), onSettled: useAsksAnew() });
export const useReplayDead = () => useMutation({ ...replayDeadLettersMutation(), onSettled: useAsksAnew() });
export const useAddSchedule = () => useMutation({ ...addScheduleMutation(), onSettled: useAsksAnew() });
export const useChangeSchedule = () => useMutation({ ...changeScheduleMutation(), onSettled: useAsksAnew() });
export const useRemoveSchedule = () => useMutation({ ...removeScheduleMutation(), onSettled: useAsksAnew() });
export const usePauseSchedule = () => useMutation({ ...pauseScheduleMutation(), onSettled: useAsksAnew() });
export const useResumeSchedule = () => useMutation({ ...resumeScheduleMutation(), onSettled: useAsksAnew() });
export const useStartScheduledRun = () =>
	useMutation({ ...startScheduledRunMutation(), onSettled: useAsksAnew() });
