import { Badge, Button, Group, Text, Title } from "@mantine/core";
import { Plus, Webhook } from "lucide-react";
import type { ChannelOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago } from "@/shared/time";
import { useChannels } from "./queries";
import { SORT_NAMES } from "./sorts";

type Props = { open: string | undefined; onOpen: (id: string) => void; mayShare: boolean };

/** The ways out of the app: the organization's, and one's own. */
export function ChannelsSection({ open, onOpen, mayShare }: Props) {
	const channels = useChannels();
	const add = (
		<Button leftSection={<Plus size={16} />} onClick={() => onOpen("new")}>
			Add a channel
		</Button>
	);
	return (
		<section aria-labelledby="channels">
			<Group justify="space-between" align="flex-end" mb="sm">
				<div>
					<Title order={2} size="h5" id="channels">
						Channels
					</Title>
					<Text size="sm" c="dimmed">
						{mayShare
							? "Webhooks and chats that take notices, of the organization and your own"
							: "The organization’s, which administrators set up, and your own"}
					</Text>
				</div>
				{channels.data && channels.data.length > 0 && add}
			</Group>
			{channels.isPending ? (
				<LoadingRows what="channels" rows={2} />
			) : failed(channels) ? (
				<ProblemPanel error={channels.error} retry={channels.refetch} />
			) : channels.data.length === 0 ? (
				<Empty icon={Webhook} title="No channels yet" level={3} action={add}>
					Slack, Teams, Discord, ntfy, a mailing list, or your own program by signed webhook.
				</Empty>
			) : (
				<DataTable
					label="Channels"
					rows={channels.data}
					columns={columns(onOpen)}
					id={({ id }) => id}
					open={open}
					onOpen={onOpen}
				/>
			)}
		</section>
	);
}

function columns(onOpen: (id: string) => void): Column<ChannelOut>[] {
	return [
		{
			key: "name",
			title: "Channel",
			render: ({ id, name, sort, address_shown, personal }) => (
				<>
					<RowName onClick={() => onOpen(id)}>{name}</RowName>
					<Text size="xs" c="dimmed" lineClamp={1}>
						{[SORT_NAMES[sort], personal && "your own", address_shown].filter(Boolean).join(" · ")}
					</Text>
				</>
			),
		},
		{ key: "state", title: "State", fit: true, render: (channel) => <ChannelState channel={channel} /> },
		{
			key: "last",
			title: "Last arrived",
			fit: true,
			from: "medium",
			render: ({ last_ok_at }) => (last_ok_at ? <Ago at={last_ok_at} /> : "Never"),
		},
	];
}

function ChannelState({ channel: { disabled_at, failures } }: { channel: ChannelOut }) {
	if (disabled_at) {
		return (
			<Badge color="red" variant="light">
				Off
			</Badge>
		);
	}
	return failures > 0 ? (
		<Badge color="orange" variant="light">
			Failing
		</Badge>
	) : (
		<Badge color="teal" variant="light">
			On
		</Badge>
	);
}
