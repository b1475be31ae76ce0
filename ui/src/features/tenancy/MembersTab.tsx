import { Button, Group, Select, Stack, Text, Title } from "@mantine/core";
import { KeyRound, UserMinus, UserPlus } from "lucide-react";
import type { InvitationOut, MemberOut } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { type Role, useCan, useSession } from "@/api/session";
import { Breaking } from "@/shared/Breaking";
import { ConfirmButton } from "@/shared/ConfirmButton";
import { type Column, DataTable } from "@/shared/DataTable";
import { LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago, moment } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import { InvitePanel } from "./InvitePanel";
import classes from "./Members.module.css";
import { useChangeMember, useInvitations, useMembers, useRemoveMember, useWithdraw } from "./queries";
import { ResetPanel } from "./ResetPanel";
import { ROLE_NAMES, roleChoices, rolesUpTo } from "./roles";

type Props = {
	asked: boolean;
	onAsk: (on: boolean) => void;
	/** Whose password is on the panel. */
	reset: string | undefined;
	onReset: (member: string | undefined) => void;
};

export function MembersTab({ asked, onAsk, reset, onReset }: Props) {
	const may = useCan("admin");
	const members = useMembers();
	const invitations = useInvitations(may);
	const columns = useMemberColumns(may, onReset);
	const waiting = useInvitationColumns();
	if (members.isPending) return <LoadingRows what="members" rows={3} />;
	if (failed(members)) return <ProblemPanel error={members.error} retry={members.refetch} />;
	const forgetful = may && members.data.find(({ id }) => id === reset);
	return (
		<Stack gap="md">
			{may && (
				<Group justify="flex-end">
					<Button leftSection={<UserPlus size={16} />} onClick={() => onAsk(true)}>
						Invite somebody
					</Button>
				</Group>
			)}
			<DataTable label="Members" rows={members.data} columns={columns} id={({ id }) => id} />
			{invitations.data && invitations.data.length > 0 && (
				<section aria-labelledby="invitations">
					<Title order={2} size="h6" mb="xs" id="invitations">
						Waiting for an answer
					</Title>
					<DataTable label="Invitations" rows={invitations.data} columns={waiting} id={({ id }) => id} />
				</section>
			)}
			{asked && <InvitePanel onClose={() => onAsk(false)} />}
			{forgetful && <ResetPanel member={forgetful} onClose={() => onReset(undefined)} />}
		</Stack>
	);
}

function useMemberColumns(may: boolean, onReset: (member: string) => void): Column<MemberOut>[] {
	const { user, organization } = useSession();
	const change = useChangeMember();
	const remove = useRemoveMember();
	const onError = (error: unknown) => complain(sentence(error));
	const mine = rolesUpTo(organization.role);
	return [
		{
			key: "name",
			title: "Name",
			render: ({ name, email, user_id }) => (
				<>
					<Text size="sm" fw={550}>
						{name} {user_id === user.id && "(you)"}
					</Text>
					<Text size="xs" c="dimmed">
						<Breaking>{email}</Breaking>
					</Text>
				</>
			),
		},
		{
			key: "role",
			title: "Role",
			fit: true,
			render: ({ id, name, role }) =>
				may && mine.includes(role) ? (
					<Select
						size="xs"
						w={110}
						aria-label={`Role of ${name}`}
						allowDeselect={false}
						data={roleChoices(organization.role)}
						value={role}
						onChange={(value) =>
							value &&
							value !== role &&
							change.mutate(
								{ path: { member_id: id }, body: { role: value as Role } },
								{
									onSuccess: () => say(`${name} is ${ROLE_NAMES[value as Role].toLowerCase()} now`),
									onError,
								},
							)
						}
					/>
				) : (
					ROLE_NAMES[role]
				),
		},
		{
			key: "since",
			title: "Since",
			fit: true,
			from: "wide",
			render: ({ created_at }) => <Ago at={created_at} />,
		},
		{
			key: "password",
			title: "",
			fit: true,
			render: ({ id, name, user_id, role }) =>
				may &&
				mine.includes(role) &&
				user_id !== user.id && (
					<Button
						size="compact-sm"
						variant="subtle"
						aria-label={`A new password for ${name}`}
						onClick={() => onReset(id)}
					>
						<KeyRound size={17} className={classes.sign} aria-hidden />
						<span className={classes.word}>New password</span>
					</Button>
				),
		},
		{
			key: "remove",
			title: "",
			fit: true,
			render: ({ id, name, user_id, role }) =>
				may &&
				(mine.includes(role) || user_id === user.id) && (
					<ConfirmButton
						size="compact-sm"
						aria-label={`Remove ${name}`}
						question={`Take ${name} out?`}
						consequence={`${name} no longer sees anything of ${organization.name}. What was done stays.`}
						yes="Take out"
						onConfirm={() =>
							remove.mutate(
								{ path: { member_id: id } },
								{ onSuccess: () => say(`${name} is no longer a member`), onError },
							)
						}
					>
						<UserMinus size={17} className={classes.sign} aria-hidden />
						<span className={classes.word}>Remove</span>
					</ConfirmButton>
				),
		},
	];
}

function useInvitationColumns(): Column<InvitationOut>[] {
	const withdraw = useWithdraw();
	return [
		{ key: "email", title: "E-mail", render: ({ email }) => <Breaking>{email}</Breaking> },
		{ key: "role", title: "Role", fit: true, render: ({ role }) => ROLE_NAMES[role] },
		{ key: "ends", title: "Ends", fit: true, from: "medium", render: ({ expires_at }) => moment(expires_at) },
		{
			key: "withdraw",
			title: "",
			fit: true,
			render: ({ id, email }) => (
				<Button
					size="compact-sm"
					variant="subtle"
					color="red"
					onClick={() =>
						withdraw.mutate(
							{ path: { invitation_id: id } },
							{
								onSuccess: () => say(`The link for ${email} no longer works`),
								onError: (error) => complain(sentence(error)),
							},
						)
					}
				>
					Take back
				</Button>
			),
		},
	];
}
