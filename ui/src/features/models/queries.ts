import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
	addModelAccountMutation,
	changeModelAccountMutation,
	changeOpinionRuleMutation,
	chooseEmbeddedModelMutation,
	chooseModelMutation,
	listModelsOptions,
	listModelUsageOptions,
	readOpinionRuleOptions,
	removeModelAccountMutation,
	setModelBudgetMutation,
	tryModelAccountMutation,
} from "@/api/generated/@tanstack/react-query.gen";

export const useModels = () => useQuery(listModelsOptions());
export const useModelUsage = (days: number) => useQuery(listModelUsageOptions({ query: { days } }));

/** Whatever is changed here is seen everywhere on this screen. */
function useSettled() {
	const queries = useQueryClient();
	return {
		onSettled: () =>
			queries.invalidateQueries({
				predicate: ({ queryKey }) =>
					/Model|OpinionRule/.test((queryKey[0] as { _id?: string } | undefined)?._id ?? ""),
			}),
	};
}

export const useOpinionRule = () => useQuery(readOpinionRuleOptions());
export const useChangeOpinionRule = () => useMutation({ ...changeOpinionRuleMutation(), ...useSettled() });
export const useAddAccount = () => useMutation({ ...addModelAccountMutation(), ...useSettled() });
export const useChangeAccount = () => useMutation({ ...changeModelAccountMutation(), ...useSettled() });
export const useRemoveAccount = () => useMutation({ ...removeModelAccountMutation(), ...useSettled() });
export const useTryAccount = () => useMutation({ ...tryModelAccountMutation(), ...useSettled() });
export const useChooseModel = () => useMutation({ ...chooseModelMutation(), ...useSettled() });
export const useChooseEmbedded = () => useMutation({ ...chooseEmbeddedModelMutation(), ...useSettled() });
export const useSetBudget = () => useMutation({ ...setModelBudgetMutation(), ...useSettled() });
