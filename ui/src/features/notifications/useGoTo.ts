import { useRouter } from "@tanstack/react-router";
import type { NotificationOut } from "@/api/generated/types.gen";
import { useRead } from "./newest";

type Notice = Pick<NotificationOut, "id" | "href" | "read">;

/** Goes to the thing that a notice speaks of; whoever goes there has read it. */
export function useGoTo() {
	const router = useRouter();
	const read = useRead();
	return ({ id, href, read: known }: Notice) => {
		if (!known) read.mutate({ path: { notification_id: id } });
		if (href) router.history.push(href);
	};
}
