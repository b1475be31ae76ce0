import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
	addReportTemplateMutation,
	changeReportBrandingMutation,
	changeReportTemplateMutation,
	forgetReportBrandingMutation,
	listReportTemplatesOptions,
	listTemplateVersionsOptions,
	readReportBrandingOptions,
	readReportTemplateOptions,
	readTemplateLanguageOptions,
	removeReportLogoMutation,
	removeReportTemplateMutation,
	restoreTemplateVersionMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import { changeReportLogo, previewTemplatePage } from "@/api/generated/sdk.gen";
import type { BrandingOut, TemplatePreview } from "@/api/generated/types.gen";

export const useTemplates = (enabled = true) => useQuery({ ...listReportTemplatesOptions(), enabled });
export const useTemplate = (template_id: string) =>
	useQuery(readReportTemplateOptions({ path: { template_id } }));
export const useVersions = (template_id: string) =>
	useQuery(listTemplateVersionsOptions({ path: { template_id } }));
export const useLanguage = () =>
	useQuery({ ...readTemplateLanguageOptions(), staleTime: Number.POSITIVE_INFINITY });
export const useBranding = () => useQuery(readReportBrandingOptions());

/** The page that these blocks make of the organization's own data; the last good one stays while the next is made. */
export const usePreview = (body: TemplatePreview | undefined) =>
	useQuery({
		queryKey: [{ _id: "previewTemplatePage" }, body],
		queryFn: async ({ signal }) => {
			if (!body) return "";
			return String((await previewTemplatePage({ body, signal, parseAs: "text", throwOnError: true })).data);
		},
		enabled: body !== undefined,
		placeholderData: keepPreviousData,
		retry: false,
	});

function useAsksAnew() {
	const queries = useQueryClient();
	// Not waited for: what is to follow a change follows its answer.
	return () =>
		void queries.invalidateQueries({
			predicate: ({ queryKey }) =>
				/Template|ReportBranding|ReportSchedule/.test((queryKey[0] as { _id?: string })?._id ?? ""),
		});
}
export const useAddTemplate = () => useMutation({ ...addReportTemplateMutation(), onSettled: useAsksAnew() });
export const useChangeTemplate = () =>
	useMutation({ ...changeReportTemplateMutation(), onSettled: useAsksAnew() });
export const useRestoreVersion = () =>
	useMutation({ ...restoreTemplateVersionMutation(), onSettled: useAsksAnew() });
export const useRemoveTemplate = () =>
	useMutation({ ...removeReportTemplateMutation(), onSettled: useAsksAnew() });
export const useChangeBranding = () =>
	useMutation({ ...changeReportBrandingMutation(), onSettled: useAsksAnew() });
export const useForgetBranding = () =>
	useMutation({ ...forgetReportBrandingMutation(), onSettled: useAsksAnew() });
export const useRemoveLogo = () => useMutation({ ...removeReportLogoMutation(), onSettled: useAsksAnew() });
export const useChangeLogo = () =>
	useMutation({
		mutationFn: async (picture: File): Promise<BrandingOut> =>
			(
				await changeReportLogo({
					body: picture,
					bodySerializer: null,
					headers: { "Content-Type": "application/octet-stream" },
					throwOnError: true,
				})
			).data,
		onSettled: useAsksAnew(),
	});
