import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
	createBrandMutation,
	deleteBrandMutation,
	listBrandsOptions,
	listBrandsQueryKey,
	readBrandOptions,
	suggestBrandsOptions,
	updateBrandMutation,
} from "@/api/generated/@tanstack/react-query.gen";

export const useBrands = () => useQuery(listBrandsOptions());
export const useBrand = (brand_id: string) => useQuery(readBrandOptions({ path: { brand_id } }));
export const useSuggestions = (q: string) =>
	useQuery({
		...suggestBrandsOptions({ query: { q, limit: 8 } }),
		enabled: q.trim().length > 1,
		staleTime: Infinity,
	});

function useAsksAnew() {
	const queries = useQueryClient();
	return () =>
		queries.invalidateQueries({
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
