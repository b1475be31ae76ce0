import { Alert, Button, Code, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery } from "@tanstack/react-query";
import { readSetupOptions, signInToSessionMutation } from "@/api/generated/@tanstack/react-query.gen";
import type { SessionOut } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { SecretField } from "@/shared/SecretField";
import { Door } from "./Door";
import { SetupPage } from "./SetupPage";

export function SignInPage({ onSignedIn }: { onSignedIn: (session: SessionOut) => void }) {
	const form = useForm({
		initialValues: { email: "", password: "" },
		validate: {
			email: (email) => (email.includes("@") ? null : "Your e-mail address"),
			password: (password) => (password ? null : "Your password"),
		},
	});
	const signIn = useMutation({ ...signInToSessionMutation(), onSuccess: onSignedIn });
	// On a fresh installation nobody can sign in: who opens its bare address has to be told where the link is.
	const setup = useQuery(readSetupOptions());
	if (setup.data?.needed) return <SetupPage token="" onSignedIn={onSignedIn} />;
	return (
		<Door title="Sign in">
			<form onSubmit={form.onSubmit((body) => signIn.mutate({ body }))} noValidate>
				<Stack gap="md">
					{signIn.isError && (
						<Alert color="red" role="alert">
							{sentence(signIn.error)}
						</Alert>
					)}
					<TextInput
						label="E-mail"
						type="email"
						autoComplete="username"
						data-autofocus
						autoFocus
						{...form.getInputProps("email")}
					/>
					<SecretField label="Password" autoComplete="current-password" {...form.getInputProps("password")} />
					<Button type="submit" fullWidth loading={signIn.isPending}>
						Sign in
					</Button>
					<Text size="xs" c="dimmed">
						Forgotten your password? An administrator of your organization makes you a link for a new one,
						under Settings → Members. Whoever runs brandhound can print one:{" "}
						<Code>brandhound reset-password EMAIL</Code>.
					</Text>
				</Stack>
			</form>
		</Door>
	);
}
