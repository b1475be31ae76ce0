import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Page.module.css";

type Props = {
	title: string;
	about?: ReactNode;
	actions?: ReactNode;
	/** The title is somebody's sentence, not the word for a place. */
	long?: boolean;
	children: ReactNode;
};

export function Page({ title, about, actions, long, children }: Props) {
	return (
		<Stack gap="md" className={classes.page}>
			<title>{`${title} · brandhound`}</title>
			<div className={classes.frame}>
				<div className={classes.head} data-long={long || undefined}>
					<Title order={1} className={classes.title}>
						{title}
					</Title>
					{about && (
						<Text c="dimmed" size="sm" component="div" className={classes.about}>
							{about}
						</Text>
					)}
					{actions && (
						<Group gap="xs" className={classes.actions}>
							{actions}
						</Group>
					)}
				</div>
			</div>
			{children}
		</Stack>
	);
}
