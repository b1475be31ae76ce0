import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { KeyRound, Power, Send } from "lucide-react";
import { useState } from "react";
import type { ChannelOut } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { Secret } from "@/features/tenancy/Secret";
import { ConfirmButton } from "@/shared/ConfirmButton";
import { plural } from "@/shared/numbers";
import { SlideOver, usePanel } from "@/shared/SlideOver";
import { LoadingPanel, LoadingRows, ProblemPanel } from "@/shared/states";
import { moment } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import { ChannelForm } from "./ChannelForm";
import { DeliveryLog } from "./DeliveryLog";
import { NewChannel } from "./NewChannel";
import {
	useChannels,
	useDeliveries,
	usePauseChannel,
	useRemoveChannel,
	useRenewSecret,
	useResumeChannel,
	useTestChannel,
} from "./queries";
import { SORT_NAMES } from "./sorts";

type Props = { id: string; mayShare: boolean; onClose: () => void };

export function ChannelPanel({ id, mayShare, onClose }: Props) {
	const channels = useChannels();
	if (id === "new") {
		return (
			<SlideOver
				title="Add a channel"
				about="An address outside the app that takes notices"
				onClose={onClose}
			>
				<NewChannel mayShare={mayShare} />
			</SlideOver>
		);
	}
	const channel = channels.data?.find((one) => one.id === id);
	return (
		<SlideOver
			title={channel?.name ?? "Channel"}
			about={channel && SORT_NAMES[channel.sort]}
			onClose={onClose}
		>
			{channels.isPending ? (
				<LoadingPanel what="channel" />
			) : failed(channels) ? (
				<ProblemPanel error={channels.error} retry={channels.refetch} />
			) : channel ? (
				<ChannelForm key={channel.id} channel={channel} may={mayShare || channel.personal}>
					<Standing channel={channel} may={mayShare || channel.personal} />
					<Log channel={channel} />
				</ChannelForm>
			) : (
				<Text p="lg" size="sm">
					This channel was removed.
				</Text>
			)}
		</SlideOver>
	);
}

/** How it does, and what can be done about it at once. */
function Standing({ channel, may }: { channel: ChannelOut; may: boolean }) {
	const test = useTestChannel();
	const pause = usePauseChannel();
	const resume = useResumeChannel();
	const renew = useRenewSecret();
	const remove = useRemoveChannel();
	const { done } = usePanel();
	const [secret, setSecret] = useState<string>();
	const path = { channel_id: channel.id };
	const onError = (error: unknown) => complain(sentence(error));
	const off = channel.disabled_at;
	return (
		<Stack gap="sm">
			{off ? (
				<Alert color="red" title={`Switched off since ${moment(off)}`}>
					{channel.disabled_reason}
				</Alert>
			) : (
				channel.failures > 0 && (
					<Alert color="orange" title={`${plural(channel.failures, "attempt")} in a row failed`}>
						{channel.last_error}
					</Alert>
				)
			)}
			{secret && (
				<Secret title="The new secret" secret={secret}>
					It signs from now on, and is shown only now.
				</Secret>
			)}
			{may && (
				<Group gap="xs">
					<Button
						variant="default"
						size="xs"
						leftSection={<Send size={13} />}
						loading={test.isPending}
						onClick={() => test.mutate({ path }, { onSuccess: () => say("A test is on its way"), onError })}
					>
						Send a test
					</Button>
					<Button
						variant="default"
						size="xs"
						leftSection={<Power size={13} />}
						onClick={() => (off ? resume : pause).mutate({ path }, { onError })}
					>
						{off ? "Switch on" : "Switch off"}
					</Button>
					{channel.sort === "webhook" && (
						<Button
							variant="default"
							size="xs"
							leftSection={<KeyRound size={13} />}
							onClick={() => renew.mutate({ path }, { onSuccess: (made) => setSecret(made.secret), onError })}
						>
							New secret
						</Button>
					)}
					<ConfirmButton
						size="xs"
						question={`Remove ${channel.name}?`}
						consequence="Nothing is sent there any more, and the log of what was sent is removed with it."
						yes="Remove"
						onConfirm={() => remove.mutate({ path }, { onSuccess: done, onError })}
					>
						Remove
					</ConfirmButton>
				</Group>
			)}
		</Stack>
	);
}

function Log({ channel }: { channel: ChannelOut }) {
	const rows = useDeliveries({ channel_id: channel.id });
	return (
		<section aria-labelledby="log">
			<Title order={3} size="h6" mb="xs" id="log">
				What was sent
			</Title>
			{rows.isPending ? (
				<LoadingRows what="what was sent" rows={2} />
			) : failed(rows) ? (
				<ProblemPanel error={rows.error} retry={rows.refetch} />
			) : rows.data.items.length === 0 ? (
				<Text size="sm" c="dimmed">
					Nothing yet. A test shows whether it arrives.
				</Text>
			) : (
				<DeliveryLog rows={rows.data.items} />
			)}
		</section>
	);
}
