import { Alert, Autocomplete, Button, Group, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { PlugZap } from "lucide-react";
import { useState } from "react";
import type { ModelAccountOut, ModelKindOut, ModelsOut } from "@/api/generated/types.gen";
import { fieldErrors, isProblem, sentence } from "@/api/problems";
import { ConfirmButton } from "@/shared/ConfirmButton";
import { money } from "@/shared/money";
import { SecretField } from "@/shared/SecretField";
import { PanelBody, PanelForm, SlideOver, usePanel } from "@/shared/SlideOver";
import { Empty } from "@/shared/states";
import { moment } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import { Trial } from "./AccountsSection";
import { useAddAccount, useChangeAccount, useRemoveAccount, useTryAccount } from "./queries";

type Props = { id: string; models: ModelsOut; mayChange: boolean; onClose: () => void };

export function AccountPanel({ id, models, mayChange, onClose }: Props) {
	const account = models.accounts.find((one) => one.id === id);
	if (id === "new" && mayChange) {
		return (
			<SlideOver title="Add a server" about="One that may be asked for models" onClose={onClose}>
				<NewAccount models={models} />
			</SlideOver>
		);
	}
	const kind = models.kinds.find((one) => one.kind === account?.kind);
	return (
		<SlideOver title={account?.name ?? "Model server"} about={kind?.title} onClose={onClose}>
			{account && kind ? (
				<AccountForm account={account} kind={kind} may={mayChange} />
			) : (
				<Empty icon={PlugZap} title="There is no such server" level={3}>
					It may have been removed since.
				</Empty>
			)}
		</SlideOver>
	);
}

/** Why it was refused, in the server's words. */
function Refusal({ error }: { error: unknown }) {
	const detail = isProblem(error) ? (error as unknown as Record<string, unknown>).detail : undefined;
	return (
		<Alert color="red" role="alert" title={sentence(error)}>
			{typeof detail === "string" && detail}
		</Alert>
	);
}

function NewAccount({ models }: { models: ModelsOut }) {
	const add = useAddAccount();
	const { done } = usePanel();
	const form = useForm({
		initialValues: { kind: "openai" as ModelKindOut["kind"], name: "OpenAI", address: "", key: "" },
		validate: {
			name: (name) => (name.trim() ? null : "What people call it"),
			key: (key, { kind }) =>
				key.trim() || !about(kind)?.needs_key ? null : "It cannot be asked without one",
			address: (address, { kind }) =>
				address.trim() || about(kind)?.address ? null : "Where it is, such as https://models.example/v1",
		},
	});
	const about = (kind: string) => models.kinds.find((one) => one.kind === kind);
	const chosen = about(form.values.kind);
	return (
		<PanelForm
			onSubmit={form.onSubmit(({ kind, name, address, key }) =>
				add.mutate(
					{ body: { kind, name: name.trim(), address: address.trim() || null, key: key.trim() || null } },
					{
						onSuccess: () => {
							say("Added. Open it to try it out.");
							done();
						},
						onError: (error) => form.setErrors(fieldErrors(error)),
					},
				),
			)}
			dirty={form.isDirty()}
			saving={add.isPending}
			save="Add the server"
		>
			<Stack gap="md">
				{add.isError && <Refusal error={add.error} />}
				<Select
					label="Kind"
					description={chosen?.about}
					allowDeselect={false}
					data={models.kinds.map(({ kind, title }) => ({ value: kind, label: title }))}
					{...form.getInputProps("kind")}
					onChange={(kind) => {
						const before = about(form.values.kind)?.title;
						if (form.values.name === before) form.setFieldValue("name", about(kind ?? "")?.title ?? "");
						form.setFieldValue("kind", kind as ModelKindOut["kind"]);
					}}
				/>
				<TextInput label="Name" required {...form.getInputProps("name")} />
				{chosen?.needs_address && (
					<TextInput
						label="Address"
						description={
							chosen.is_own
								? "On this machine its network must be allowed: BRANDHOUND_PRIVATE_NETWORKS=127.0.0.0/8"
								: "The part before /chat/completions"
						}
						placeholder={chosen.address || "https://models.example/v1"}
						{...form.getInputProps("address")}
					/>
				)}
				<SecretField
					label="Key"
					description={
						chosen?.needs_key ? "Sealed as it is entered" : "Only if it asks for one; sealed as it is entered"
					}
					autoComplete="off"
					required={chosen?.needs_key ?? false}
					{...form.getInputProps("key")}
				/>
			</Stack>
		</PanelForm>
	);
}

/** Does an address lead to the server of another? Of what is no address the server says so. */
function sameServer(one: string, other: string): boolean {
	if (!URL.canParse(one.trim())) return true;
	return new URL(one.trim()).origin === new URL(other).origin;
}

function AccountForm({ account, kind, may }: { account: ModelAccountOut; kind: ModelKindOut; may: boolean }) {
	const change = useChangeAccount();
	const form = useForm({
		initialValues: { name: account.name, address: account.address, key: "" },
		validate: {
			name: (name) => (name.trim() ? null : "What people call it"),
			address: (address) => (address.trim() ? null : "Where it is"),
			key: (key, { address }) =>
				!account.key_fingerprint || key.trim() || sameServer(address, account.address)
					? null
					: "Enter the key for that server: the one that is here was entered for another",
		},
	});
	const fields = (
		<Stack gap="md">
			<Standing account={account} kind={kind} may={may} />
			{change.isError && <Refusal error={change.error} />}
			<TextInput label="Name" disabled={!may} {...form.getInputProps("name")} />
			<TextInput label="Address" disabled={!may} {...form.getInputProps("address")} />
			<SecretField
				label="Key"
				description="Not shown to anybody; a new one replaces it"
				placeholder={account.key_fingerprint ? `known as ${account.key_fingerprint.slice(0, 6)}…` : "none"}
				autoComplete="off"
				disabled={!may}
				{...form.getInputProps("key")}
			/>
		</Stack>
	);
	if (!may) return <PanelBody>{fields}</PanelBody>;
	return (
		<PanelForm
			onSubmit={form.onSubmit(({ name, address, key }) =>
				change.mutate(
					{
						path: { account_id: account.id },
						body: {
							name: name.trim(),
							...(address.trim() !== account.address && { address: address.trim() }),
							...(key.trim() && { key: key.trim() }),
						},
					},
					{
						onSuccess: () => {
							form.setFieldValue("key", "");
							form.resetDirty({ name, address, key: "" });
							say("Saved");
						},
						onError: (error) => form.setErrors(fieldErrors(error)),
					},
				),
			)}
			dirty={form.isDirty()}
			saving={change.isPending}
			aside={<Remove account={account} />}
		>
			{fields}
		</PanelForm>
	);
}

function Remove({ account }: { account: ModelAccountOut }) {
	const remove = useRemoveAccount();
	const { done } = usePanel();
	return (
		<ConfirmButton
			question={`Remove ${account.name}?`}
			consequence="Its key is forgotten, and what it was chosen for is done by the embedded analysis again."
			yes="Remove"
			onConfirm={() =>
				remove.mutate(
					{ path: { account_id: account.id } },
					{ onSuccess: done, onError: (error) => complain(sentence(error)) },
				)
			}
		>
			Remove
		</ConfirmButton>
	);
}

/** How the last trial went, and another one. */
function Standing({ account, kind, may }: { account: ModelAccountOut; kind: ModelKindOut; may: boolean }) {
	const trial = useTryAccount();
	const [model, setModel] = useState(account.tried_model ?? kind.models[0] ?? "");
	const result = trial.data;
	return (
		<section aria-labelledby="trial">
			<Group gap="xs" mb="xs">
				<Title order={3} size="h6" id="trial">
					Trial
				</Title>
				<Trial account={account} />
				{account.tried_at && (
					<Text size="xs" c="dimmed">
						{moment(account.tried_at)}
						{account.tried_model && ` with ${account.tried_model}`}
					</Text>
				)}
			</Group>
			{account.problem && (
				<Alert color="red" title={account.problem} mb="sm" style={{ overflowWrap: "anywhere" }}>
					{account.what_to_do}
				</Alert>
			)}
			{result?.well && !trial.isPending && (
				<Alert color="teal" title={`It answered in ${(result.took_ms / 1000).toFixed(1)} s`} mb="sm">
					{result.cost_micros === null
						? "Its price is not known."
						: `The question cost ${money(result.cost_micros)}.`}
				</Alert>
			)}
			{may && (
				<Group gap="xs" align="flex-end">
					<Autocomplete
						label="With the model"
						style={{ flex: "1 1 200px" }}
						data={kind.models}
						limit={12}
						value={model}
						onChange={setModel}
					/>
					<Button
						variant="default"
						leftSection={<PlugZap size={14} />}
						loading={trial.isPending}
						disabled={!model.trim()}
						onClick={() =>
							trial.mutate(
								{ path: { account_id: account.id }, body: { model: model.trim() } },
								{ onError: (error) => complain(sentence(error)) },
							)
						}
					>
						Try it out
					</Button>
				</Group>
			)}
		</section>
	);
}
