import { Alert, Skeleton, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import type { RhythmPreview } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import classes from "./Leaving.module.css";
import { useNextTimes } from "./leaving";

type Props = { rhythm: Omit<RhythmPreview, "time_zones">; zones: string[]; paused: boolean };

/** The next five sendings to whomever, before anything is saved; in the viewer's own zone. */
export function NextTimes({ rhythm, zones, paused }: Props) {
	const [asked] = useDebouncedValue({ ...rhythm, time_zones: [...new Set(zones)] }, 300);
	const none = asked.time_zones.length === 0 || (asked.rhythm === "weekdays" && !asked.weekdays?.length);
	const next = useNextTimes(asked);
	if (none) return null;
	if (next.isError) return <Alert color="yellow">{sentence(next.error)}</Alert>;
	if (!next.data) return <Skeleton h={92} />;
	const format = new Intl.DateTimeFormat("en-GB", {
		weekday: "short",
		day: "numeric",
		month: "short",
		hour: "2-digit",
		minute: "2-digit",
	});
	return (
		<section aria-label="Next sendings" className={classes.frame}>
			<Text size="xs" c="dimmed" mb={4}>
				{paused ? "Paused. Resumed, it would leave" : "The next five sendings"}, by your own clock
			</Text>
			<ol className={classes.times}>
				{next.data.next_times.map((at) => (
					<li key={at}>
						<time dateTime={at}>{format.format(new Date(at))}</time>
					</li>
				))}
			</ol>
		</section>
	);
}
