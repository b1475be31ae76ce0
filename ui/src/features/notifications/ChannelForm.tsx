import { Alert, Checkbox, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { ReactNode } from "react";
import type { ChannelOut } from "@/api/generated/types.gen";
import { fieldErrors, isProblem, sentence } from "@/api/problems";
import { SecretField } from "@/shared/SecretField";
import { PanelBody, PanelForm } from "@/shared/SlideOver";
import { say } from "@/shared/undo";
import { WantsFields } from "./fields";
import { useChangeChannel } from "./queries";
import { ADDRESSES } from "./sorts";

type Props = { channel: ChannelOut; may: boolean; children: ReactNode };

export function ChannelForm({ channel, may, children }: Props) {
	const change = useChangeChannel();
	const form = useForm({
		initialValues: {
			name: channel.name,
			address: "",
			access_token: "",
			asks_for_none: false,
			min_severity: channel.min_severity,
			kinds: channel.kinds ?? [],
		},
		validate: { name: (name) => (name.trim() ? null : "What people call it") },
	});
	const isAsked = isProblem(change.error) && change.error.code === "notifications/token-needed-again";
	const fields = (
		<Stack gap="md">
			{change.isError && (
				<Alert color="red" role="alert">
					{sentence(change.error)}
				</Alert>
			)}
			<TextInput label="Name" disabled={!may} {...form.getInputProps("name")} />
			<TextInput
				label="Address"
				description="Not shown, because whoever knows it can write there; a new one replaces it"
				placeholder={channel.sort === "email" ? ADDRESSES.email.placeholder : channel.address_shown}
				disabled={!may}
				{...form.getInputProps("address")}
			/>
			{channel.sort === "ntfy" && may && (
				<SecretField
					label="Access token"
					description="Not shown to anybody; needed again with the address of another server"
					autoComplete="off"
					disabled={form.values.asks_for_none}
					{...form.getInputProps("access_token")}
				/>
			)}
			{isAsked && (
				<Checkbox
					label="That server asks for no token"
					{...form.getInputProps("asks_for_none", { type: "checkbox" })}
				/>
			)}
			<WantsFields form={form} disabled={!may} />
			{children}
		</Stack>
	);
	if (!may) return <PanelBody>{fields}</PanelBody>;
	return (
		<PanelForm
			onSubmit={form.onSubmit(({ name, address, access_token, asks_for_none, min_severity, kinds }) =>
				change.mutate(
					{
						path: { channel_id: channel.id },
						body: {
							name: name.trim(),
							min_severity,
							kinds: kinds.length > 0 ? kinds : null,
							...(address.trim() && { address: address.trim() }),
							...(asks_for_none ? { access_token: null } : access_token.trim() && { access_token }),
						},
					},
					{
						onSuccess: () => {
							const saved = {
								name,
								address: "",
								access_token: "",
								asks_for_none: false,
								min_severity,
								kinds,
							};
							form.setValues(saved);
							form.resetDirty(saved);
							say("Saved");
						},
						onError: (error) => form.setErrors(fieldErrors(error)),
					},
				),
			)}
			dirty={form.isDirty()}
			saving={change.isPending}
		>
			{fields}
		</PanelForm>
	);
}
