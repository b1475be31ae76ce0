import { Alert, Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { fieldErrors, isProblem, sentence } from "@/api/problems";
import { useSession } from "@/api/session";
import { strongEnough } from "@/shared/passwords";
import { SecretField } from "@/shared/SecretField";
import { say } from "@/shared/undo";
import { useChangePassword } from "./queries";

/** What belongs to the person, whatever organization they look at. */
export function AccountTab() {
	const { user } = useSession();
	return (
		<Card maw={560}>
			<Text fw={550}>{user.name}</Text>
			<Text size="sm" c="dimmed" mb="lg" style={{ overflowWrap: "anywhere" }}>
				{user.email}
			</Text>
			<ChangePassword email={user.email} />
		</Card>
	);
}

function ChangePassword({ email }: { email: string }) {
	const change = useChangePassword();
	const form = useForm({
		initialValues: { present: "", new: "" },
		validate: {
			present: (password) => (password ? null : "Your present password"),
			new: strongEnough,
		},
	});
	const save = (body: typeof form.values) =>
		change.mutate(
			{ body },
			{
				onSuccess: () => {
					form.reset();
					say("Your password is changed");
				},
				onError: (error) =>
					form.setErrors(
						isProblem(error) && error.code === "identity/not-your-password"
							? { present: error.title }
							: fieldErrors(error),
					),
			},
		);
	const elsewhere = change.isError && !form.errors.present;
	return (
		<form onSubmit={form.onSubmit(save)} noValidate aria-labelledby="password">
			<Stack gap="md">
				<Title order={2} size="h6" id="password">
					Password
				</Title>
				{elsewhere && (
					<Alert color="red" role="alert">
						{sentence(change.error)}
					</Alert>
				)}
				<input type="hidden" name="username" autoComplete="username" value={email} readOnly />
				<SecretField
					label="Present password"
					autoComplete="current-password"
					{...form.getInputProps("present")}
				/>
				<SecretField
					label="New password"
					description="Ten characters or more; several words make a good one"
					autoComplete="new-password"
					{...form.getInputProps("new")}
				/>
				<Text size="xs" c="dimmed">
					Your other browsers are signed out. API keys go on working.
				</Text>
				<Group justify="flex-end">
					<Button type="submit" loading={change.isPending} disabled={!form.isDirty()}>
						Change it
					</Button>
				</Group>
			</Stack>
		</form>
	);
}
