import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Times.module.css";

type Props = { label: string; about: ReactNode; times: string[]; timeZone?: string };

/** The next times at which something happens by itself; in the viewer's zone where none is named. */
export function Times({ label, about, times, timeZone }: Props) {
	const format = new Intl.DateTimeFormat("en-GB", {
		weekday: "short",
		day: "numeric",
		month: "short",
		hour: "2-digit",
		minute: "2-digit",
		...(timeZone && { timeZone }),
	});
	return (
		<section aria-label={label} className={classes.frame}>
			<Text size="xs" c="dimmed" mb={4}>
				{about}
			</Text>
			<ol className={classes.times}>
				{times.map((at) => (
					<li key={at}>
						<time dateTime={at}>{format.format(new Date(at))}</time>
					</li>
				))}
			</ol>
		</section>
	);
}
