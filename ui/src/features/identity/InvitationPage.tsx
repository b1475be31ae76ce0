import { Alert, Button, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { acceptInvitationMutation, readInvitationOptions } from "@/api/generated/@tanstack/react-query.gen";
import type { InvitationPreview, SessionOut } from "@/api/generated/types.gen";
import { failed, fieldErrors, isProblem, sentence } from "@/api/problems";
import { SecretField } from "@/shared/SecretField";
import { Door } from "./Door";
import { LinkProblem } from "./LinkProblem";

type Props = { token: string; onSignedIn: (session: SessionOut) => void; signIn: ReactNode };

export function InvitationPage({ token, onSignedIn, signIn }: Props) {
	const invitation = useQuery(readInvitationOptions({ path: { token } }));
	if (invitation.isPending) {
		return (
			<Door title="Your invitation">
				<Stack gap="sm" role="status" aria-label="Loading invitation">
					<Skeleton h={14} w="80%" />
					<Skeleton h={36} />
					<Skeleton h={36} />
				</Stack>
			</Door>
		);
	}
	if (failed(invitation)) {
		return (
			<Door title="Your invitation">
				<LinkProblem
					error={invitation.error}
					retry={invitation.refetch}
					todo="An invitation serves once and ends after seven days. Ask whoever sent it for a new one."
				/>
				<Text ta="center">{signIn}</Text>
			</Door>
		);
	}
	return <Accept token={token} invitation={invitation.data} onSignedIn={onSignedIn} signIn={signIn} />;
}

function Accept({ token, invitation, onSignedIn, signIn }: Props & { invitation: InvitationPreview }) {
	const { organization_name, email, role, known } = invitation;
	const form = useForm({
		initialValues: { name: "", password: "" },
		validate: {
			name: (name) => (known || name.trim() ? null : "How shall we call you?"),
			password: (password) => (!known && password.length < 10 ? "At least ten characters" : null),
		},
	});
	const accept = useMutation({
		...acceptInvitationMutation(),
		onSuccess: onSignedIn,
		onError: (error) => form.setErrors(fieldErrors(error)),
	});
	return (
		<Door
			title={`Join ${organization_name}`}
			about={`You are invited as ${role}, with the address ${email}.`}
		>
			<form onSubmit={form.onSubmit((body) => accept.mutate({ path: { token }, body }))} noValidate>
				<Stack gap="md">
					{accept.isError && (
						<Alert color="red" role="alert">
							{sentence(accept.error)}{" "}
							{isProblem(accept.error) && accept.error.code === "tenancy/already-member" && signIn}
						</Alert>
					)}
					<input type="hidden" name="username" autoComplete="username" value={email} readOnly />
					{!known && (
						<TextInput label="Your name" autoComplete="name" autoFocus {...form.getInputProps("name")} />
					)}
					<SecretField
						label={known ? "Your password" : "Choose a password"}
						description={known ? "That of the account you have here already" : "Ten characters or more"}
						autoComplete={known ? "current-password" : "new-password"}
						{...form.getInputProps("password")}
					/>
					<Button type="submit" fullWidth loading={accept.isPending}>
						Join
					</Button>
				</Stack>
			</form>
		</Door>
	);
}
