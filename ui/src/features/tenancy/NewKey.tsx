import { Alert, MultiSelect, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { fieldErrors, sentence } from "@/api/problems";
import { type Role, useSession } from "@/api/session";
import { PanelDone, PanelForm } from "@/shared/SlideOver";
import { useCreateKey, useKeyParts } from "./queries";
import { ABOUT, roleChoices } from "./roles";
import { Secret } from "./Secret";

const DAY = 86_400_000;
const LASTS = [
	{ value: "", label: "When somebody ends it" },
	{ value: "30", label: "In 30 days" },
	{ value: "90", label: "In 90 days" },
	{ value: "365", label: "In a year" },
];

/** What a program may do and until when; then its key, once. */
export function NewKey() {
	const own = useSession().organization.role;
	const parts = useKeyParts();
	const create = useCreateKey();
	const form = useForm({
		initialValues: { name: "", role: "viewer" as Role, scopes: ["*:read"], days: "" },
		validate: {
			name: (name) => (name.trim() ? null : "What is it for?"),
			scopes: (scopes) => (scopes.length > 0 ? null : "At least one"),
		},
	});
	if (create.data) {
		return (
			<PanelDone>
				<Secret title={`The key ${create.data.name}`} secret={create.data.secret}>
					It is shown only now. A program sends it as <code>Authorization: Bearer …</code>
				</Secret>
			</PanelDone>
		);
	}
	return (
		<PanelForm
			onSubmit={form.onSubmit(({ days, ...asked }) => {
				const expires_at = days ? new Date(Date.now() + Number(days) * DAY).toISOString() : null;
				create.mutate(
					{ body: { ...asked, expires_at } },
					{ onError: (error) => form.setErrors(fieldErrors(error)) },
				);
			})}
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
					searchable
					data={["*", ...(parts.data ?? [])].flatMap((part) => [`${part}:read`, `${part}:write`])}
					{...form.getInputProps("scopes")}
				/>
				<Select label="Ends" allowDeselect={false} data={LASTS} {...form.getInputProps("days")} />
			</Stack>
		</PanelForm>
	);
}
