import { Alert, Skeleton, Text } from "@mantine/core";
import { sentence } from "@/api/problems";
import classes from "./NextRuns.module.css";
import { usePreview } from "./queries";

/** The next ten times a schedule would come due, in its own zone, before it is saved. */
export function NextRuns({ cron, timeZone }: { cron: string; timeZone: string }) {
	const preview = usePreview(cron, timeZone);
	if (preview.isError) return <Alert color="yellow">{sentence(preview.error)}</Alert>;
	if (!preview.data) return <Skeleton h={92} />;
	const format = new Intl.DateTimeFormat("en-GB", {
		weekday: "short",
		day: "numeric",
		month: "short",
		hour: "2-digit",
		minute: "2-digit",
		timeZone,
	});
	return (
		<section aria-label="Next runs" className={classes.frame}>
			<Text size="xs" c="dimmed" mb={4}>
				Next ten runs
			</Text>
			<ol className={classes.times}>
				{preview.data.next_runs.map((at) => (
					<li key={at}>
						<time dateTime={at}>{format.format(new Date(at))}</time>
					</li>
				))}
			</ol>
		</section>
	);
}
