import { Alert, Select, Stack, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { fieldErrors, isProblem, sentence } from "@/api/problems";
import { Secret } from "@/features/tenancy/Secret";
import { PanelDone, PanelForm } from "@/shared/SlideOver";
import { WantsFields } from "./fields";
import { useAddChannel } from "./queries";
import type { Severity } from "./search";
import { ADDRESSES, SORT_NAMES, type Sort } from "./sorts";

export function NewChannel({ mayShare }: { mayShare: boolean }) {
	const add = useAddChannel();
	const form = useForm({
		initialValues: {
			sort: "webhook" as Sort,
			name: "",
			address: "",
			access_token: "",
			personal: !mayShare,
			min_severity: "info" as Severity,
			kinds: [] as string[],
		},
		validate: {
			name: (name) => (name.trim() ? null : "What people call it"),
			address: (address) => (address.trim() ? null : "Where to"),
		},
	});
	if (add.data) {
		return (
			<PanelDone>
				{add.data.secret ? (
					<Secret title={`The secret of ${add.data.name}`} secret={add.data.secret}>
						Each request is signed with it. It is shown only now.
					</Secret>
				) : (
					<Alert color="green" title={`${add.data.name} is set up`}>
						Open it to send a test.
					</Alert>
				)}
			</PanelDone>
		);
	}
	const { sort } = form.values;
	const { placeholder, hint } = ADDRESSES[sort];
	return (
		<PanelForm
			onSubmit={form.onSubmit(({ name, address, access_token, kinds, ...rest }) =>
				add.mutate(
					{
						body: {
							...rest,
							name: name.trim(),
							address: address.trim(),
							kinds: kinds.length > 0 ? kinds : null,
							access_token: sort === "ntfy" && access_token ? access_token : null,
						},
					},
					{ onError: (error) => form.setErrors(fieldErrors(error)) },
				),
			)}
			dirty={form.isDirty()}
			saving={add.isPending}
			save="Add the channel"
		>
			<Stack gap="md">
				{add.isError && (
					<Alert color="red" role="alert" title={sentence(add.error)}>
						{detailOf(add.error)}
					</Alert>
				)}
				<Select
					label="What is at the other end"
					allowDeselect={false}
					data={Object.entries(SORT_NAMES).map(([value, label]) => ({ value, label }))}
					{...form.getInputProps("sort")}
				/>
				<TextInput label="Name" required data-autofocus {...form.getInputProps("name")} />
				<TextInput
					label="Address"
					description={hint}
					placeholder={placeholder}
					required
					{...form.getInputProps("address")}
				/>
				{sort === "ntfy" && (
					<TextInput
						label="Access token"
						description="Only if the topic asks for one"
						type="password"
						autoComplete="off"
						{...form.getInputProps("access_token")}
					/>
				)}
				{mayShare && (
					<Switch
						label="Only for me"
						description="It is told of what is for you, in your quiet hours not at all"
						{...form.getInputProps("personal", { type: "checkbox" })}
					/>
				)}
				<WantsFields form={form} />
			</Stack>
		</PanelForm>
	);
}

/** Why an address is refused, in the server's words. */
function detailOf(error: unknown): string | null {
	const detail = isProblem(error) ? (error as unknown as Record<string, unknown>).detail : undefined;
	return typeof detail === "string" ? detail : null;
}
