import { Alert, Button, Code, Stack, TextInput } from "@mantine/core";
import { isEmail, useForm } from "@mantine/form";
import { useMutation, useQuery } from "@tanstack/react-query";
import { readSetupOptions, setUpInstallationMutation } from "@/api/generated/@tanstack/react-query.gen";
import type { SessionOut } from "@/api/generated/types.gen";
import { fieldErrors, isProblem, sentence } from "@/api/problems";
import { SecretField } from "@/shared/SecretField";
import { Door } from "./Door";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

type Props = { token: string; onSignedIn: (session: SessionOut) => void; signIn?: React.ReactNode };

/** The first administrator, by the one-time link that the start printed. */
export function SetupPage({ token, onSignedIn, signIn }: Props) {
	const state = useQuery(readSetupOptions());
	const form = useForm({
		initialValues: { name: "", email: "", password: "", organization_name: "" },
		validate: {
			name: (name) => (name.trim() ? null : "How shall we call you?"),
			email: isEmail("An e-mail address, to sign in with"),
			password: (password) => (password.length < 10 ? "At least ten characters" : null),
			organization_name: (name) => (name.trim() ? null : "Your company, agency or team"),
		},
	});
	const setUp = useMutation({
		...setUpInstallationMutation(),
		onSuccess: onSignedIn,
		onError: (error) => form.setErrors(fieldErrors(error)),
	});

	if (state.data && !state.data.needed) {
		return (
			<Door title="All set up already" about="This installation has its administrator.">
				{signIn}
			</Door>
		);
	}
	if (!token) {
		return (
			<Door
				title="Almost there"
				about={
					<>
						Open the one-time link that brandhound printed where it was started. Starting it again prints a
						fresh one, and so does <Code>brandhound setup-link</Code> (<Code>./run setup-link</Code>).
					</>
				}
			>
				{signIn}
			</Door>
		);
	}
	return (
		<Door title="Welcome to brandhound" about="You are the first one here: make the administrator's account.">
			<form
				onSubmit={form.onSubmit((values) => setUp.mutate({ body: { ...values, token, time_zone: zone } }))}
				noValidate
			>
				<Stack gap="md">
					{setUp.isError && (
						<Alert color="red" role="alert">
							{sentence(setUp.error)}
							{isProblem(setUp.error) &&
								setUp.error.code === "identity/bad-setup-link" &&
								" Starting brandhound again prints a fresh one."}
						</Alert>
					)}
					<TextInput label="Your name" autoComplete="name" autoFocus {...form.getInputProps("name")} />
					<TextInput label="E-mail" type="email" autoComplete="username" {...form.getInputProps("email")} />
					<SecretField
						label="Password"
						description="Ten characters or more; several words make a good one"
						autoComplete="new-password"
						{...form.getInputProps("password")}
					/>
					<TextInput
						label="Organization"
						description={`Days are counted in ${zone}; you can change it later`}
						autoComplete="organization"
						{...form.getInputProps("organization_name")}
					/>
					<Button type="submit" fullWidth loading={setUp.isPending}>
						Create the account
					</Button>
				</Stack>
			</form>
		</Door>
	);
}
