import { Skeleton, Text } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Times.module.css";

type Props = {
	label: string;
	about: ReactNode;
	count: number;
	times: string[] | undefined;
	timeZone?: string;
};

/**
 * The next times at which something happens by itself; in the viewer's zone where none is named. Those that are awaited, `count`
 * of them, have their room, so that what is below does not move under the pointer when they come.
 */
export function Times({ label, about, count, times, timeZone }: Props) {
	const format = new Intl.DateTimeFormat("en-GB", {
		weekday: "short",
		day: "numeric",
		month: "short",
		hour: "2-digit",
		minute: "2-digit",
		...(timeZone && { timeZone }),
	});
	return (
		<section aria-label={label} aria-busy={!times} className={classes.frame}>
			<Text size="xs" c="dimmed" mb={4}>
				{about}
			</Text>
			<ol className={classes.times}>
				{times
					? times.map((at) => (
							<li key={at}>
								<time dateTime={at}>{format.format(new Date(at))}</time>
							</li>
						))
					: Array.from({ length: count }, (_, place) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
							<li key={place} aria-hidden className={classes.awaited}>
								<Skeleton h={10} w={110} />
							</li>
						))}
			</ol>
		</section>
	);
}
