import { Avatar, Menu, Text, UnstyledButton } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Check, ChevronsUpDown, Keyboard, LogOut, Settings } from "lucide-react";
import {
	chooseOrganizationMutation,
	signOutOfSessionMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import { sentence } from "@/api/problems";
import { sessionOptions, useSession } from "@/api/session";
import { complain } from "@/shared/undo";
import classes from "./Shell.module.css";

/** Account and organization: whose data is on screen is always in sight. */
export function AccountMenu({ onShowKeys }: { onShowKeys: () => void }) {
	const { user, organization, organizations } = useSession();
	const queries = useQueryClient();
	const navigate = useNavigate();
	const choose = useMutation({
		...chooseOrganizationMutation(),
		onSuccess: async (session) => {
			// Nothing of the organization before may stay on screen.
			queries.clear();
			queries.setQueryData(sessionOptions.queryKey, session);
			await navigate({ to: "/", search: {} });
		},
		onError: (error) => complain(sentence(error)),
	});
	const signOut = useMutation({
		...signOutOfSessionMutation(),
		onSettled: () => {
			// A whole new page: nothing of the session stays in memory.
			location.assign("/sign-in");
		},
	});
	return (
		<Menu position="top-start" width={240} shadow="md">
			<Menu.Target>
				<UnstyledButton className={classes.account}>
					<Avatar aria-hidden size={30} radius="xl" color="iris" name={user.name} />
					<div style={{ flex: 1, minWidth: 0 }}>
						<Text size="sm" fw={550} truncate lh={1.3}>
							{organization.name}
						</Text>
						<Text size="xs" c="dimmed" truncate lh={1.3}>
							{user.name}
						</Text>
					</div>
					<ChevronsUpDown size={14} aria-hidden />
				</UnstyledButton>
			</Menu.Target>
			<Menu.Dropdown>
				<Menu.Label>Organization</Menu.Label>
				{organizations.map(({ id, name, role }) => (
					<Menu.Item
						key={id}
						rightSection={id === organization.id ? <Check size={15} aria-label="On screen" /> : undefined}
						onClick={() => id !== organization.id && choose.mutate({ body: { organization_id: id } })}
					>
						{name}
						<Text size="xs" c="dimmed">
							{role}
						</Text>
					</Menu.Item>
				))}
				<Menu.Divider />
				<Menu.Item leftSection={<Settings size={15} />} onClick={() => navigate({ to: "/settings" })}>
					Settings
				</Menu.Item>
				<Menu.Item leftSection={<Keyboard size={15} />} onClick={onShowKeys}>
					Keyboard
				</Menu.Item>
				<Menu.Item leftSection={<LogOut size={15} />} onClick={() => signOut.mutate({})}>
					Sign out
				</Menu.Item>
			</Menu.Dropdown>
		</Menu>
	);
}
