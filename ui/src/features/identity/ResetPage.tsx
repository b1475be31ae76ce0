import { Alert, Button, Skeleton, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import {
	readPasswordResetOptions,
	resetPasswordMutation,
	signInToSessionMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import type { ResetPreview, SessionOut } from "@/api/generated/types.gen";
import { failed, fieldErrors, sentence } from "@/api/problems";
import { strongEnough } from "@/shared/passwords";
import { SecretField } from "@/shared/SecretField";
import { Door } from "./Door";
import { LinkProblem } from "./LinkProblem";

type Props = { token: string; onSignedIn: (session: SessionOut) => void; signIn: ReactNode };

/** A new password, by the one-time link that an administrator or the command line made. */
export function ResetPage(props: Props) {
	// What the link is about does not change; once it is used there is nothing to ask for any more.
	const reset = useQuery({
		...readPasswordResetOptions({ path: { token: props.token } }),
		staleTime: Number.POSITIVE_INFINITY,
	});
	if (reset.isPending) {
		return (
			<Door title="A new password">
				<Stack gap="sm" role="status" aria-label="Loading the link">
					<Skeleton h={14} w="80%" />
					<Skeleton h={36} />
				</Stack>
			</Door>
		);
	}
	if (failed(reset)) {
		return (
			<Door title="A new password">
				<LinkProblem
					error={reset.error}
					retry={reset.refetch}
					todo="Such a link works once and for an hour. Ask whoever sent it for a new one."
				/>
				<Text ta="center">{props.signIn}</Text>
			</Door>
		);
	}
	return <Choose {...props} person={reset.data} />;
}

function Choose({ token, person, onSignedIn, signIn }: Props & { person: ResetPreview }) {
	const form = useForm({
		initialValues: { password: "" },
		validate: { password: strongEnough },
	});
	const enter = useMutation({ ...signInToSessionMutation(), onSuccess: onSignedIn });
	const choose = useMutation({
		...resetPasswordMutation(),
		onSuccess: (_, { body }) => enter.mutate({ body: { email: person.email, password: body.password } }),
		onError: (error) => form.setErrors(fieldErrors(error)),
	});
	if (enter.isError) {
		return (
			<Door title="Your password is new" about="It counts from now on, but signing in has to wait.">
				<Alert color="red" role="alert">
					{sentence(enter.error)}
				</Alert>
				{signIn}
			</Door>
		);
	}
	return (
		<Door title={`A new password for ${person.name}`} about={`For the account ${person.email}.`}>
			<form onSubmit={form.onSubmit((body) => choose.mutate({ path: { token }, body }))} noValidate>
				<Stack gap="md">
					{choose.isError && (
						<Alert color="red" role="alert">
							{sentence(choose.error)}
						</Alert>
					)}
					<input type="hidden" name="username" autoComplete="username" value={person.email} readOnly />
					<SecretField
						label="New password"
						description="Ten characters or more; several words make a good one"
						autoComplete="new-password"
						autoFocus
						{...form.getInputProps("password")}
					/>
					<Text size="xs" c="dimmed">
						You are signed out wherever you are signed in now. API keys go on working.
					</Text>
					<Button type="submit" fullWidth loading={choose.isPending || enter.isPending}>
						Save and sign in
					</Button>
				</Stack>
			</form>
		</Door>
	);
}
