import { ActionIcon, Menu } from "@mantine/core";
import dayjs from "dayjs";
import { BellOff, BellRing, Clock, Ellipsis, Mail, MailOpen, PanelRight } from "lucide-react";
import type { NewMute, NotificationOut } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { moment } from "@/shared/time";
import { complain, offerUndo } from "@/shared/undo";
import { useRead } from "./newest";
import { useMute, useUnmute, useUnread } from "./queries";
import { SNOOZES } from "./snoozes";

type Props = { notice: NotificationOut; onDetails?: () => void };

/** What can be done about a notice from its row. */
export function NoticeMenu({ notice, onDetails }: Props) {
	const read = useRead();
	const unread = useUnread();
	const quiet = useQuiet(notice);
	const path = { notification_id: notice.id };
	const onError = (error: unknown) => complain(sentence(error));
	return (
		<Menu position="bottom-end" shadow="md" width={240}>
			<Menu.Target>
				<ActionIcon
					variant="subtle"
					color="gray"
					aria-label={`More about ${notice.title}`}
					onClick={(event) => event.stopPropagation()}
				>
					<Ellipsis size={17} />
				</ActionIcon>
			</Menu.Target>
			<Menu.Dropdown onClick={(event) => event.stopPropagation()}>
				{onDetails && (
					<Menu.Item leftSection={<PanelRight size={15} />} onClick={onDetails}>
						Details
					</Menu.Item>
				)}
				{notice.read ? (
					<Menu.Item leftSection={<Mail size={15} />} onClick={() => unread.mutate({ path }, { onError })}>
						Mark unread
					</Menu.Item>
				) : (
					<Menu.Item leftSection={<MailOpen size={15} />} onClick={() => read.mutate({ path }, { onError })}>
						Mark read
					</Menu.Item>
				)}
				<Menu.Divider />
				<Menu.Label>Put it off</Menu.Label>
				{SNOOZES.map(({ label, until }) => (
					<Menu.Item
						key={label}
						leftSection={<Clock size={15} />}
						onClick={() => {
							const at = until(dayjs()).toISOString();
							quiet({ scope: "notice", until: at }, `Put off until ${moment(at)}`);
						}}
					>
						{label}
					</Menu.Item>
				))}
				<Menu.Divider />
				<Menu.Label>Be quiet about</Menu.Label>
				{notice.incident && (
					<Menu.Item
						leftSection={<BellOff size={15} />}
						onClick={() => quiet({ scope: "incident" }, "You are not called for this incident any more")}
					>
						This incident
					</Menu.Item>
				)}
				<Menu.Item
					leftSection={<BellRing size={15} />}
					onClick={() => quiet({ scope: "kind" }, `You are not called any more for: ${notice.kind_title}`)}
				>
					Everything like it
				</Menu.Item>
			</Menu.Dropdown>
		</Menu>
	);
}

function useQuiet({ id }: NotificationOut) {
	const mute = useMute();
	const unmute = useUnmute();
	const onError = (error: unknown) => complain(sentence(error));
	return (body: NewMute, done: string) =>
		mute.mutate(
			{ path: { notification_id: id }, body },
			{
				onSuccess: (made) =>
					offerUndo(done, () => unmute.mutate({ path: { mute_id: made.id } }, { onError })),
				onError,
			},
		);
}
