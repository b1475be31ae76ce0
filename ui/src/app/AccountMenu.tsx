import { Menu, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useRouter } from "@tanstack/react-router";
import { Check, Keyboard, LogOut, Settings } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import {
	chooseOrganizationMutation,
	signOutOfSessionMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import { sentence } from "@/api/problems";
import { leaveOrganization, leaveSession, useSession } from "@/api/session";
import { capital } from "@/shared/numbers";
import { complain } from "@/shared/undo";
import { AccountButton } from "./AccountButton";
import { agreesToLeave, leaveFor } from "./leaving";

/** Switch of organization, settings, sign out. Loaded when the button is neared. */
export default function AccountMenu({ onShowKeys }: { onShowKeys: () => void }) {
	const [opened, setOpened] = useState(false);
	const button = useRef<HTMLButtonElement>(null);
	// The button that was pressed is gone; this one takes its place, so that the focus comes back to it.
	useEffect(() => {
		button.current?.focus({ preventScroll: true });
		setOpened(true);
	}, []);
	const { organization, organizations } = useSession();
	const navigate = useNavigate();
	const router = useRouter();
	const choose = useMutation({
		...chooseOrganizationMutation(),
		onSuccess: (session) => {
			leaveOrganization(session);
			void leaveFor(router, "/");
		},
		onError: (error) => complain(sentence(error)),
	});
	const signOut = useMutation({
		...signOutOfSessionMutation(),
		onSettled: () => {
			leaveSession();
			void leaveFor(router, "/sign-in");
		},
	});
	const ifNothingKeepsThem = async (go: () => void) => {
		if (await agreesToLeave(router)) go();
	};
	return (
		<Menu opened={opened} onChange={setOpened} position="top-start" width={240} shadow="md">
			<Menu.Target>
				<AccountButton ref={button} />
			</Menu.Target>
			<Menu.Dropdown>
				<Menu.Label>Organization</Menu.Label>
				{organizations.map(({ id, name, role }) => (
					<Menu.Item
						key={id}
						rightSection={id === organization.id ? <Check size={15} aria-label="On screen" /> : undefined}
						onClick={() =>
							id !== organization.id &&
							ifNothingKeepsThem(() => choose.mutate({ body: { organization_id: id } }))
						}
					>
						{name}
						<Text size="xs" c="dimmed">
							{capital(role)}
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
				<Menu.Item
					leftSection={<LogOut size={15} />}
					onClick={() => ifNothingKeepsThem(() => signOut.mutate({}))}
				>
					Sign out
				</Menu.Item>
			</Menu.Dropdown>
		</Menu>
	);
}
