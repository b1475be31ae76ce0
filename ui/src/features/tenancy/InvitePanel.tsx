import { Alert, Select, Stack, TextInput } from "@mantine/core";
import { isEmail, useForm } from "@mantine/form";
import { fieldErrors, sentence } from "@/api/problems";
import { type Role, useSession } from "@/api/session";
import { PanelDone, PanelForm, SlideOver } from "@/shared/SlideOver";
import { useInvite } from "./queries";
import { ABOUT, roleChoices } from "./roles";
import { Secret } from "./Secret";

export function InvitePanel({ onClose }: { onClose: () => void }) {
	return (
		<SlideOver
			title="Invite somebody"
			about="By a link that you send yourself: nothing leaves by itself"
			onClose={onClose}
		>
			<Invite />
		</SlideOver>
	);
}

function Invite() {
	const invite = useInvite();
	const own = useSession().organization.role;
	const form = useForm({
		initialValues: { email: "", role: "analyst" as Role },
		validate: { email: isEmail("An e-mail address") },
	});
	if (invite.data) {
		return (
			<PanelDone>
				<Secret title={`The link for ${invite.data.email}`} secret={invite.data.link}>
					It is shown only now, serves once and ends after seven days. Send it yourself.
				</Secret>
			</PanelDone>
		);
	}
	return (
		<PanelForm
			onSubmit={form.onSubmit((body) =>
				invite.mutate({ body }, { onError: (error) => form.setErrors(fieldErrors(error)) }),
			)}
			dirty={form.isDirty()}
			saving={invite.isPending}
			save="Make the link"
		>
			<Stack gap="md">
				{invite.isError && (
					<Alert color="red" role="alert">
						{sentence(invite.error)}
					</Alert>
				)}
				<TextInput label="E-mail" type="email" required data-autofocus {...form.getInputProps("email")} />
				<Select
					label="Role"
					description={ABOUT[form.values.role]}
					inputWrapperOrder={["label", "input", "description", "error"]}
					allowDeselect={false}
					data={roleChoices(own)}
					{...form.getInputProps("role")}
				/>
			</Stack>
		</PanelForm>
	);
}
