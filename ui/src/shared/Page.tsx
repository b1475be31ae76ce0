import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Page.module.css";

type Props = { title: string; about?: ReactNode; actions?: ReactNode; children: ReactNode };

export function Page({ title, about, actions, children }: Props) {
	return (
		<Stack gap="md" className={classes.page}>
			<title>{`${title} · brandhound`}</title>
			<div className={classes.head}>
				<div>
					<Title order={1}>{title}</Title>
					{about && (
						<Text c="dimmed" size="sm" component="div">
							{about}
						</Text>
					)}
				</div>
				{actions && <Group gap="xs">{actions}</Group>}
			</div>
			{children}
		</Stack>
	);
}
