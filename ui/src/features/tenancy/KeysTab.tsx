import { Button, Group, Stack, Text } from "@mantine/core";
import { KeyRound, Plus } from "lucide-react";
import type { KeyOut } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { ConfirmButton } from "@/shared/ConfirmButton";
import { type Column, DataTable, Narrow } from "@/shared/DataTable";
import { SlideOver } from "@/shared/SlideOver";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago, day } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import { NewKey } from "./NewKey";
import { useKeys, useRemoveKey } from "./queries";
import { ROLE_NAMES } from "./roles";

type Props = { asked: boolean; onAsk: (on: boolean) => void };

export function KeysTab({ asked, onAsk }: Props) {
	const keys = useKeys();
	const columns = useColumns();
	const add = (
		<Button leftSection={<Plus size={16} />} onClick={() => onAsk(true)}>
			New key
		</Button>
	);
	if (keys.isPending) return <LoadingRows what="keys" rows={3} />;
	if (failed(keys)) return <ProblemPanel error={keys.error} retry={keys.refetch} />;
	return (
		<Stack gap="md">
			{keys.data.length === 0 ? (
				<Empty icon={KeyRound} title="No keys yet" action={add}>
					A key lets a program use the API in place of a person, with the role and the parts you give it.
				</Empty>
			) : (
				<>
					<Group justify="flex-end">{add}</Group>
					<DataTable label="API keys" rows={keys.data} columns={columns} id={({ id }) => id} />
				</>
			)}
			{asked && (
				<SlideOver title="New key" onClose={() => onAsk(false)}>
					<NewKey />
				</SlideOver>
			)}
		</Stack>
	);
}

const used = ({ used_at }: KeyOut) => (used_at ? <Ago at={used_at} /> : "Never");

const ends = ({ expires_at }: KeyOut) =>
	!expires_at ? "–" : new Date(expires_at) > new Date() ? day(expires_at) : "It has ended";

function useColumns(): Column<KeyOut>[] {
	const remove = useRemoveKey();
	return [
		{
			key: "name",
			title: "Key",
			render: (key) => (
				<>
					<Text size="sm" fw={550}>
						{key.name}
					</Text>
					<Text size="xs" c="dimmed" ff="monospace">
						{key.prefix}…
					</Text>
					{key.made_by && (
						<Text size="xs" c="dimmed">
							Made by {key.made_by}
						</Text>
					)}
					<Narrow>
						Used: {used(key)}
						<br />
						Ends: {ends(key)}
					</Narrow>
				</>
			),
		},
		{ key: "role", title: "Role", fit: true, render: ({ role }) => ROLE_NAMES[role] },
		{ key: "scopes", title: "May", from: "wide", render: ({ scopes }) => scopes.join(", ") },
		{
			key: "used",
			title: "Used",
			fit: true,
			from: "medium",
			render: used,
		},
		{
			key: "ends",
			title: "Ends",
			fit: true,
			from: "medium",
			render: ends,
		},
		{
			key: "remove",
			title: "",
			fit: true,
			render: ({ id, name }) => (
				<ConfirmButton
					size="compact-sm"
					question={`End the key ${name}?`}
					consequence="Programs that use it are turned away at once."
					yes="End it"
					onConfirm={() =>
						remove.mutate(
							{ path: { key_id: id } },
							{ onSuccess: () => say(`${name} is ended`), onError: (error) => complain(sentence(error)) },
						)
					}
				>
					End
				</ConfirmButton>
			),
		},
	];
}
