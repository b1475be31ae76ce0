import { Button, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { signOutOfSessionMutation } from "@/api/generated/@tanstack/react-query.gen";
import type { UserOut } from "@/api/generated/types.gen";
import { leaveSession, useLeavesTogether } from "@/api/session";
import { Door } from "./Door";

const tokenIn = (link: string) => /\/invitation\/([^/?#\s]+)/.exec(link)?.[1];

type Props = { user: UserOut; onInvitation: (token: string) => void };

/** Where somebody is who was taken out of the only organization they belonged to. */
export function NoOrganizationPage({ user, onInvitation }: Props) {
	useLeavesTogether();
	const form = useForm({
		initialValues: { link: "" },
		validate: { link: (link) => (tokenIn(link) ? null : "The link of an invitation, as it was sent to you") },
	});
	const signOut = useMutation({
		...signOutOfSessionMutation(),
		onSettled: () => {
			leaveSession();
			location.assign("/sign-in");
		},
	});
	return (
		<Door
			title="You belong to no organization"
			about={`Your account ${user.email} stays. Ask an administrator of an organization to invite that address.`}
		>
			<form onSubmit={form.onSubmit(({ link }) => onInvitation(tokenIn(link) ?? ""))} noValidate>
				<Stack gap="md">
					<TextInput
						label="Link of your invitation"
						autoComplete="off"
						autoFocus
						{...form.getInputProps("link")}
					/>
					<Button type="submit" fullWidth>
						Open the invitation
					</Button>
					<Button variant="default" fullWidth loading={signOut.isPending} onClick={() => signOut.mutate({})}>
						Sign out
					</Button>
				</Stack>
			</form>
		</Door>
	);
}
