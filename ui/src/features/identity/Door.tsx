import { Card, Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Door.module.css";

/** What stands before the shell: signing in, setting up, accepting an invitation. */
export function Door({ title, about, children }: { title: string; about?: ReactNode; children: ReactNode }) {
	return (
		<main className={classes.door}>
			<title>{`${title} · brandhound`}</title>
			<Stack className={classes.card} gap="lg">
				<Group gap="xs" justify="center">
					<img src="/favicon.svg" alt="" width={30} height={30} />
					<Text fw={650} size="lg">
						brandhound
					</Text>
				</Group>
				<Card shadow="sm" padding="xl">
					<Title order={1} size="h3">
						{title}
					</Title>
					{about && (
						<Text size="sm" c="dimmed" mt={4}>
							{about}
						</Text>
					)}
					<Stack gap="md" mt="lg">
						{children}
					</Stack>
				</Card>
			</Stack>
		</main>
	);
}
