import { Card, Text } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./StatTile.module.css";

type Props = {
	label: string;
	value: ReactNode;
	about?: ReactNode;
	change?: ReactNode;
	onOpen?: (() => void) | undefined;
};

/** One number with its name. With `onOpen` it leads to its evidence. */
export function StatTile({ label, value, about, change, onOpen }: Props) {
	const body = (
		<>
			<Text size="xs" c="dimmed" component="span" display="block">
				{label}
			</Text>
			<span className={classes.line}>
				<span className={classes.value}>{value}</span>
				{change}
			</span>
			{about && (
				<Text size="xs" c="dimmed" component="span" display="block">
					{about}
				</Text>
			)}
		</>
	);
	if (!onOpen) return <Card padding="sm">{body}</Card>;
	return (
		<Card
			padding="sm"
			component="button"
			type="button"
			className={classes.opens}
			onClick={onOpen}
			data-keeps-panel
		>
			{body}
		</Card>
	);
}
