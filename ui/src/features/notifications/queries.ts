import {
	infiniteQueryOptions,
	keepPreviousData,
	useInfiniteQuery,
	useMutation,
	useQuery,
	useQueryClient,
} from "@tanstack/react-query";
import {
	addNotificationChannelMutation,
	changeNotificationChannelMutation,
	changeNotificationPreferencesMutation,
	chooseNotificationPlacesMutation,
	getNotificationMailOptions,
	getNotificationOptions,
	getNotificationPreferencesOptions,
	getNotificationPreferencesQueryKey,
	listNotificationChannelsOptions,
	listNotificationDeliveriesOptions,
	listNotificationKindsOptions,
	listNotificationMutesOptions,
	listNotificationsQueryKey,
	muteNotificationMutation,
	pauseNotificationChannelMutation,
	readReportDigestOptions,
	removeNotificationChannelMutation,
	removeNotificationMuteMutation,
	renewNotificationSecretMutation,
	resendNotificationDeliveryMutation,
	resumeNotificationChannelMutation,
	testNotificationChannelMutation,
	testNotificationMailMutation,
	unreadNotificationMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import { listNotifications } from "@/api/generated/sdk.gen";
import type { ListNotificationsData } from "@/api/generated/types.gen";
import { useAsksAnew } from "./newest";

type Wanted = NonNullable<ListNotificationsData["query"]>;

export const useNotices = (query: Wanted) =>
	useInfiniteQuery(
		infiniteQueryOptions({
			queryKey: [...listNotificationsQueryKey({ query }), "pages"],
			queryFn: async ({ pageParam, signal }) =>
				(await listNotifications({ query: { ...query, cursor: pageParam }, signal, throwOnError: true }))
					.data,
			initialPageParam: undefined as string | undefined,
			getNextPageParam: (page) => page.next ?? undefined,
			placeholderData: keepPreviousData,
		}),
	);
export const useNotice = (notification_id: string) =>
	useQuery(getNotificationOptions({ path: { notification_id } }));
export const useKinds = () => useQuery({ ...listNotificationKindsOptions(), staleTime: Infinity });
export const usePreferences = () => useQuery(getNotificationPreferencesOptions());
export const useDigest = () => useQuery(readReportDigestOptions());
export const useMutes = () => useQuery(listNotificationMutesOptions());
export const useChannels = () => useQuery(listNotificationChannelsOptions());
export const useMail = () => useQuery(getNotificationMailOptions());
export const useDeliveries = (query: { channel_id?: string; notification_id?: string }) =>
	useQuery(listNotificationDeliveriesOptions({ query }));

export const useUnread = () => useMutation({ ...unreadNotificationMutation(), onSettled: useAsksAnew() });
export const useMute = () => useMutation({ ...muteNotificationMutation(), onSettled: useAsksAnew() });
export const useUnmute = () => useMutation({ ...removeNotificationMuteMutation(), onSettled: useAsksAnew() });

export const useAddChannel = () =>
	useMutation({ ...addNotificationChannelMutation(), onSettled: useAsksAnew() });
export const useChangeChannel = () =>
	useMutation({ ...changeNotificationChannelMutation(), onSettled: useAsksAnew() });
export const useRemoveChannel = () =>
	useMutation({ ...removeNotificationChannelMutation(), onSettled: useAsksAnew() });
export const usePauseChannel = () =>
	useMutation({ ...pauseNotificationChannelMutation(), onSettled: useAsksAnew() });
export const useResumeChannel = () =>
	useMutation({ ...resumeNotificationChannelMutation(), onSettled: useAsksAnew() });
export const useRenewSecret = () =>
	useMutation({ ...renewNotificationSecretMutation(), onSettled: useAsksAnew() });
export const useTestChannel = () =>
	useMutation({ ...testNotificationChannelMutation(), onSettled: useAsksAnew() });
export const useTestMail = () => useMutation({ ...testNotificationMailMutation(), onSettled: useAsksAnew() });
export const useResend = () =>
	useMutation({ ...resendNotificationDeliveryMutation(), onSettled: useAsksAnew() });

/** The answer holds all preferences, so that nothing need be asked again. */
function useTakesPreferences() {
	const queries = useQueryClient();
	return (preferences: unknown) =>
		queries.setQueryData(getNotificationPreferencesQueryKey(), preferences as never);
}
export const useChangePreferences = () =>
	useMutation({ ...changeNotificationPreferencesMutation(), onSuccess: useTakesPreferences() });
export const useChoose = () =>
	useMutation({ ...chooseNotificationPlacesMutation(), onSuccess: useTakesPreferences() });
