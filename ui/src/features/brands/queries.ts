import { keepPreviousData, skipToken, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
	addBrandCategoryMutation,
	askAboutBrandsAgainMutation,
	createBrandMutation,
	deleteBrandMutation,
	listAuthorTextsOptions,
	listBrandAuthorsOptions,
	listBrandCategoriesOptions,
	listBrandMergesOptions,
	listBrandPairsOptions,
	listBrandsOptions,
	listBrandsQueryKey,
	listVoicesOptions,
	mergeBrandsMutation,
	readBrandOptions,
	suggestBrandsOptions,
	tellBrandsApartMutation,
	undoBrandMergeMutation,
	updateBrandMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import { countVariations, lookUpMeanings, proposeCategory } from "@/api/generated/sdk.gen";
import type { CategoryWish, MeaningsWish, VariationWish } from "@/api/generated/types.gen";

export const useBrands = () => useQuery(listBrandsOptions());
/** How loud the brands are in the last 30 days. The list does not wait for it. */
export const useVoices = (asked: boolean) => useQuery({ ...listVoicesOptions(), enabled: asked });
/** Who wrote about it in the last 90 days. */
export const useAuthors = (brand_id: string) => useQuery(listBrandAuthorsOptions({ path: { brand_id } }));
export const useAuthorTexts = (brand_id: string, name: string, outlet: string) =>
	useQuery(listAuthorTextsOptions({ path: { brand_id }, query: { name, outlet } }));
export const useBrand = (brand_id: string) => useQuery(readBrandOptions({ path: { brand_id } }));
export const useSuggestions = (q: string) =>
	useQuery({
		...suggestBrandsOptions({ query: { q, limit: 8 } }),
		enabled: q.trim().length > 1,
		staleTime: Infinity,
	});

function useAsksAnew() {
	const queries = useQueryClient();
	// Not waited for: what is to follow an answer follows it at once.
	return () =>
		void queries.invalidateQueries({
			predicate: ({ queryKey }) => /Brand/.test((queryKey[0] as { _id?: string })._id ?? ""),
		});
}

export function useCreateBrand() {
	const onSettled = useAsksAnew();
	return useMutation({ ...createBrandMutation(), onSettled });
}
export function useUpdateBrand() {
	const onSettled = useAsksAnew();
	return useMutation({ ...updateBrandMutation(), onSettled });
}
export function useDeleteBrand() {
	const queries = useQueryClient();
	return useMutation({
		...deleteBrandMutation(),
		onSuccess: () => queries.invalidateQueries({ queryKey: listBrandsQueryKey() }),
	});
}

export const usePairs = () => useQuery(listBrandPairsOptions());
export const useMerges = () => useQuery(listBrandMergesOptions());

/** A merge changes what is said of both brands everywhere. */
function useAsksAllAnew() {
	const queries = useQueryClient();
	return () => void queries.invalidateQueries();
}
export function useMerge() {
	const onSettled = useAsksAllAnew();
	return useMutation({ ...mergeBrandsMutation(), onSettled });
}
export function useUndoMerge() {
	const onSettled = useAsksAllAnew();
	return useMutation({ ...undoBrandMergeMutation(), onSettled });
}
export function useTellApart() {
	const onSettled = useAsksAnew();
	return useMutation({ ...tellBrandsApartMutation(), onSettled });
}
export function useAskAgain() {
	const onSettled = useAsksAnew();
	return useMutation({ ...askAboutBrandsAgainMutation(), onSettled });
}

/** Counted once for a wish: reading two thousand articles takes a moment. */
export const useVariations = (wish: VariationWish, asked: boolean) =>
	useQuery({
		queryKey: ["variations", wish],
		queryFn: async ({ signal }) => (await countVariations({ body: wish, signal, throwOnError: true })).data,
		enabled: asked,
		staleTime: 300_000,
	});

/** What names mean besides, by the dictionary; what was found before stays until the new is there. */
export const useMeanings = (wish: MeaningsWish | undefined, asked: boolean) =>
	useQuery({
		queryKey: ["meanings", wish],
		queryFn:
			wish && asked
				? async ({ signal }) => (await lookUpMeanings({ body: wish, signal, throwOnError: true })).data
				: skipToken,
		staleTime: Infinity,
		placeholderData: keepPreviousData,
		retry: false,
	});

export const useCategories = () => useQuery({ ...listBrandCategoriesOptions(), staleTime: 300_000 });
export function useAddCategory() {
	const onSettled = useAsksAnew();
	return useMutation({ ...addBrandCategoryMutation(), onSettled });
}
/** What the brand may sell; asked when the field is entered. */
export const useCategoryProposals = (wish: CategoryWish, asked: boolean) =>
	useQuery({
		queryKey: ["category-proposals", wish],
		queryFn: async ({ signal }) => (await proposeCategory({ body: wish, signal, throwOnError: true })).data,
		enabled: asked,
		staleTime: 300_000,
		retry: false,
	});
