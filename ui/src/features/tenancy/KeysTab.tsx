import { Alert, Button, Group, MultiSelect, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { KeyRound, Plus } from "lucide-react";
import type { KeyOut } from "@/api/generated/types.gen";
import { failed, fieldErrors, sentence } from "@/api/problems";
import { type Role, useSession } from "@/api/session";
import { ConfirmButton } from "@/shared/ConfirmButton";
import { type Column, DataTable } from "@/shared/DataTable";
import { PanelBody, PanelFoot, PanelForm, SlideOver, usePanel } from "@/shared/SlideOver";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import { useCreateKey, useKeys, useRemoveKey } from "./queries";
import { ABOUT, ROLE_NAMES, roleChoices } from "./roles";
import { Secret } from "./Secret";

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

function useColumns(): Column<KeyOut>[] {
	const remove = useRemoveKey();
	return [
		{
			key: "name",
			title: "Key",
			render: ({ name, prefix }) => (
				<>
					<Text size="sm" fw={550}>
						{name}
					</Text>
					<Text size="xs" c="dimmed" ff="monospace">
						{prefix}…
					</Text>
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
			render: ({ used_at }) => (used_at ? <Ago at={used_at} /> : "Never"),
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

const PARTS = [
	"*",
	"brands",
	"feeds",
	"stories",
	"mentions",
	"articles",
	"reports",
	"models",
	"runs",
	"schedules",
	"notifications",
];

function NewKey() {
	const { done } = usePanel();
	const own = useSession().organization.role;
	const create = useCreateKey();
	const form = useForm({
		initialValues: { name: "", role: "viewer" as Role, scopes: ["*:read"] },
		validate: {
			name: (name) => (name.trim() ? null : "What is it for?"),
			scopes: (scopes) => (scopes.length > 0 ? null : "At least one"),
		},
	});
	if (create.data) {
		return (
			<>
				<PanelBody>
					<Secret title={`The key ${create.data.name}`} secret={create.data.secret}>
						It is shown only now. A program sends it as <code>Authorization: Bearer …</code>
					</Secret>
				</PanelBody>
				<PanelFoot>
					<Button onClick={done}>Done</Button>
				</PanelFoot>
			</>
		);
	}
	return (
		<PanelForm
			onSubmit={form.onSubmit((body) =>
				create.mutate({ body }, { onError: (error) => form.setErrors(fieldErrors(error)) }),
			)}
			dirty={form.isDirty()}
			saving={create.isPending}
			save="Make the key"
		>
			<Stack gap="md">
				{create.isError && (
					<Alert color="red" role="alert">
						{sentence(create.error)}
					</Alert>
				)}
				<TextInput
					label="Name"
					description="What it is for"
					required
					data-autofocus
					{...form.getInputProps("name")}
				/>
				<Select
					label="Role"
					description={ABOUT[form.values.role]}
					inputWrapperOrder={["label", "input", "description", "error"]}
					allowDeselect={false}
					data={roleChoices(own)}
					{...form.getInputProps("role")}
				/>
				<MultiSelect
					label="May"
					description="Parts of the product, to read or to write; * is every part"
					data={PARTS.flatMap((part) => [`${part}:read`, `${part}:write`])}
					{...form.getInputProps("scopes")}
				/>
			</Stack>
		</PanelForm>
	);
}
