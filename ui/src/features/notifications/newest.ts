import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
	listNotificationsOptions,
	readAllNotificationsMutation,
	readNotificationMutation,
} from "@/api/generated/@tanstack/react-query.gen";

// Apart from the other questions: the bell is on every screen, and the first one must not wait for what few need.

/** The newest that call: what the bell shows. */
export const useNewest = () => useQuery(listNotificationsOptions({ query: { muted: false, limit: 20 } }));

export const useRead = () => useMutation({ ...readNotificationMutation(), onSettled: useAsksAnew() });
export const useReadAll = () => useMutation({ ...readAllNotificationsMutation(), onSettled: useAsksAnew() });

/** After a change, everything about notices is asked anew. */
export function useAsksAnew() {
	const queries = useQueryClient();
	return () =>
		queries.invalidateQueries({
			predicate: ({ queryKey }) => /Notification/.test((queryKey[0] as { _id?: string })._id ?? ""),
		});
}
