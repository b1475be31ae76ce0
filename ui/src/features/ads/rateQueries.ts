import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
	listExchangeRatesOptions,
	putExchangeRateMutation,
	readExchangeRatesOptions,
	removeExchangeRatesMutation,
	takeRemovalOfRatesBackMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import type { RatesImportOut } from "@/api/generated/types.gen";
import { meantFor } from "@/api/session";

export const useExchangeRates = () => useQuery(readExchangeRatesOptions());
export const useRatesOf = (currency: string) =>
	useQuery(listExchangeRatesOptions({ path: { currency }, query: { limit: 30 } }));

/** Rates, and the ads whose money is shown by them. */
function useAsksAnew() {
	const queries = useQueryClient();
	return () =>
		void queries.invalidateQueries({
			predicate: ({ queryKey }) =>
				/ExchangeRates$|^listAds|^readAd($|Changes$)|^reconcileAdAccount$/.test(
					(queryKey[0] as { _id?: string })._id ?? "",
				),
		});
}

type Table = { file: File; base: string; source: string; since: string; commit: boolean; skip: boolean };

/** The file goes as it is: which layout it has is found out where it is read. */
async function importRates({ file, base, source, since, commit, skip }: Table): Promise<RatesImportOut> {
	const how = new URLSearchParams({
		commit: String(commit),
		skip_faulty: String(skip),
		base,
		source,
		...(since && { since }),
	});
	const answer = await fetch(`/api/exchange-rates/imports?${how}`, {
		method: "POST",
		headers: { ...meantFor(), "Content-Type": "application/octet-stream" },
		body: file,
	});
	const body: unknown = await answer.json();
	if (!answer.ok) throw body;
	return body as RatesImportOut;
}
export const useImportRates = () => useMutation({ mutationFn: importRates, onSettled: useAsksAnew() });
export const usePutRate = () => useMutation({ ...putExchangeRateMutation(), onSettled: useAsksAnew() });
export const useRemoveRates = () =>
	useMutation({ ...removeExchangeRatesMutation(), onSettled: useAsksAnew() });
export const useTakeRemovalBack = () =>
	useMutation({ ...takeRemovalOfRatesBackMutation(), onSettled: useAsksAnew() });
