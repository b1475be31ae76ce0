import { Alert, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { ReactNode } from "react";
import type { ChannelOut } from "@/api/generated/types.gen";
import { fieldErrors, sentence } from "@/api/problems";
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
			min_severity: channel.min_severity,
			kinds: channel.kinds ?? [],
		},
		validate: { name: (name) => (name.trim() ? null : "What people call it") },
	});
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
			<WantsFields form={form} disabled={!may} />
			{children}
		</Stack>
	);
	if (!may) return <PanelBody>{fields}</PanelBody>;
	return (
		<PanelForm
			onSubmit={form.onSubmit(({ name, address, min_severity, kinds }) =>
				change.mutate(
					{
						path: { channel_id: channel.id },
						body: {
							name: name.trim(),
							min_severity,
							kinds: kinds.length > 0 ? kinds : null,
							...(address.trim() && { address: address.trim() }),
						},
					},
					{
						onSuccess: () => {
							form.setFieldValue("address", "");
							form.resetDirty({ name, address: "", min_severity, kinds });
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
