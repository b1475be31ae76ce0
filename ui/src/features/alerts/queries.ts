import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
	changeAlertMutation,
	createAlertMutation,
	deleteAlertMutation,
	haveAlertSentenceReadMutation,
	listAlertsOptions,
	listAlertsQueryKey,
	listIncidentsOptions,
	readAlertOptions,
	readAlertSentenceMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import { backTestAlert } from "@/api/generated/sdk.gen";
import type { AlertWish } from "@/api/generated/types.gen";

export const useAlerts = () => useQuery(listAlertsOptions());
export const useAlert = (alert_id: string) => useQuery(readAlertOptions({ path: { alert_id } }));
export const useIncidents = (alert_id: string) => useQuery(listIncidentsOptions({ path: { alert_id } }));

/** What the alert would have told of in 90 days. Asked anew whenever the wish is whole and another; the old answer stays until then. */
export const useBackTest = (wish: AlertWish, whole: boolean) =>
	useQuery({
		queryKey: ["back-test", wish],
		queryFn: async ({ signal }) =>
			(await backTestAlert({ body: wish, query: { days: 90 }, signal, throwOnError: true })).data,
		enabled: wish.brand_id !== "" && whole,
		placeholderData: keepPreviousData,
		staleTime: 300_000,
	});

export const useReadSentence = () => useMutation(readAlertSentenceMutation());
/** The same by a model, for what was not understood. */
export const useHaveSentenceRead = () => useMutation(haveAlertSentenceReadMutation());

function useAsksAnew() {
	const queries = useQueryClient();
	return () =>
		queries.invalidateQueries({
			predicate: ({ queryKey }) => /Alert|Incident/.test((queryKey[0] as { _id?: string })._id ?? ""),
		});
}

export function useCreateAlert() {
	const onSettled = useAsksAnew();
	return useMutation({ ...createAlertMutation(), onSettled });
}
export function useChangeAlert() {
	const onSettled = useAsksAnew();
	return useMutation({ ...changeAlertMutation(), onSettled });
}
export function useDeleteAlert() {
	const queries = useQueryClient();
	return useMutation({
		...deleteAlertMutation(),
		onSuccess: () => queries.invalidateQueries({ queryKey: listAlertsQueryKey() }),
	});
}
