import { Avatar, Text, UnstyledButton } from "@mantine/core";
import { ChevronsUpDown } from "lucide-react";
import type { ComponentPropsWithRef } from "react";
import { useSession } from "@/api/session";
import classes from "./Shell.module.css";

/** Account and organization: whose data is on screen is always in sight. */
export function AccountButton(props: ComponentPropsWithRef<"button">) {
	const { user, organization } = useSession();
	return (
		<UnstyledButton {...props} className={classes.account}>
			<Avatar aria-hidden size={30} radius="xl" color="iris" name={user.name} />
			<div style={{ flex: 1, minWidth: 0 }}>
				<Text size="sm" fw={550} lineClamp={2} lh={1.3} title={organization.name}>
					{organization.name}
				</Text>
				<Text size="xs" c="dimmed" truncate lh={1.3}>
					{user.name}
				</Text>
			</div>
			<ChevronsUpDown size={14} aria-hidden />
		</UnstyledButton>
	);
}
