import { Alert, Button, Card, Group, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { fieldErrors, sentence } from "@/api/problems";
import { useCan, useSession } from "@/api/session";
import { say } from "@/shared/undo";
import { TIME_ZONES } from "@/shared/zones";
import { useChangeOrganization } from "./queries";

export function OrganizationTab() {
	const { organization } = useSession();
	const may = useCan("admin");
	const change = useChangeOrganization();
	const form = useForm({
		initialValues: { name: organization.name, time_zone: organization.time_zone },
		validate: { name: (name) => (name.trim() ? null : "An organization needs a name") },
	});
	const save = (body: typeof form.values) =>
		change.mutate(
			{ body },
			{
				onSuccess: () => {
					form.resetDirty(body);
					say("Saved");
				},
				onError: (error) => form.setErrors(fieldErrors(error)),
			},
		);
	return (
		<Card maw={560}>
			<form onSubmit={form.onSubmit(save)} noValidate>
				<Stack gap="md">
					{change.isError && (
						<Alert color="red" role="alert">
							{sentence(change.error)}
						</Alert>
					)}
					<TextInput label="Name" disabled={!may} {...form.getInputProps("name")} />
					<Select
						label="Time zone"
						description="Days in reports and schedules are counted in it"
						searchable
						allowDeselect={false}
						disabled={!may}
						data={[...new Set([organization.time_zone, ...TIME_ZONES])]}
						{...form.getInputProps("time_zone")}
					/>
					{may && (
						<Group justify="flex-end">
							<Button type="submit" loading={change.isPending} disabled={!form.isDirty()}>
								Save
							</Button>
						</Group>
					)}
				</Stack>
			</form>
		</Card>
	);
}
