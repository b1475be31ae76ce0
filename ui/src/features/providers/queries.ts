import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
	listBreakersOptions,
	listProvidersOptions,
	setProviderRulesMutation,
	tryProviderNowMutation,
} from "@/api/generated/@tanstack/react-query.gen";

/** Nothing tells the screen of these figures: it looks again by itself while somebody looks at it. */
const often = { refetchInterval: 5_000 };

export const useProviders = (enabled: boolean) => useQuery({ ...listProvidersOptions(), ...often, enabled });
export const useBreakers = (enabled: boolean) => useQuery({ ...listBreakersOptions(), ...often, enabled });

function useAsksAnew() {
	const queries = useQueryClient();
	return () =>
		queries.invalidateQueries({
			predicate: ({ queryKey }) =>
				/Provider|Breaker/.test((queryKey[0] as { _id?: string } | undefined)?._id ?? ""),
		});
}

export const useTryNow = () => useMutation({ ...tryProviderNowMutation(), onSettled: useAsksAnew() });
export const useSetRules = () => useMutation({ ...setProviderRulesMutation(), onSettled: useAsksAnew() });
