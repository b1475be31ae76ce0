import { Text, VisuallyHidden } from "@mantine/core";
import type { LogBucket, LogHistogram } from "@/api/generated/types.gen";
import { count, plural } from "@/shared/numbers";
import { moment } from "@/shared/time";
import classes from "./Logs.module.css";

const LEVELS = ["debug", "info", "warning", "error"] as const;

type Props = { counted: LogHistogram; onZoom: (since: string, until: string) => void };

/** How many lines there were when, by level; a click on a bar looks into its time. */
export function Histogram({ counted, onZoom }: Props) {
	if (!counted.complete)
		return (
			<Text size="xs" c="dimmed">
				There are too many lines to count them in time. The list below is complete all the same.
			</Text>
		);
	const bars = withGaps(counted);
	const most = Math.max(1, ...bars.map(total));
	const all = bars.reduce((sum, bar) => sum + total(bar), 0);
	const troubles = bars.reduce((sum, bar) => sum + bar.warning + bar.error, 0);
	const end = (at: string) => new Date(new Date(at).getTime() + counted.bucket_seconds * 1000).toISOString();
	return (
		<figure style={{ margin: 0 }}>
			{/* The figures stand in the table after it; the bars are a short cut for the mouse. */}
			<div className={classes.bars} aria-hidden>
				{bars.map((bar) => (
					<button
						key={bar.at}
						type="button"
						tabIndex={-1}
						className={classes.bar}
						title={`${moment(bar.at)}: ${plural(total(bar), "line")}, ${plural(bar.warning, "warning")}, ${plural(bar.error, "error")}`}
						onClick={() => onZoom(bar.at, end(bar.at))}
					>
						{LEVELS.map(
							(level) =>
								bar[level] > 0 && (
									<i
										key={level}
										data-level={level}
										style={{ height: `${Math.max((bar[level] / most) * 100, 4)}%` }}
									/>
								),
						)}
					</button>
				))}
			</div>
			<figcaption className={classes.ends}>
				<span>{moment(counted.since)}</span>
				<span>
					{count(all)} {all === 1 ? "line" : "lines"}
					{troubles > 0 && `, ${count(troubles)} of them warnings or errors`}
				</span>
				<span>{moment(counted.until)}</span>
			</figcaption>
			<VisuallyHidden>
				<table>
					<caption>Lines over time</caption>
					<thead>
						<tr>
							<th>From</th>
							<th>Lines</th>
							<th>Warnings</th>
							<th>Errors</th>
						</tr>
					</thead>
					<tbody>
						{counted.buckets.map((bucket) => (
							<tr key={bucket.at}>
								<th>{moment(bucket.at)}</th>
								<td>{total(whole(bucket))}</td>
								<td>{bucket.warning ?? 0}</td>
								<td>{bucket.error ?? 0}</td>
							</tr>
						))}
					</tbody>
				</table>
			</VisuallyHidden>
		</figure>
	);
}

type Bar = Required<LogBucket>;
const whole = ({ at, debug = 0, info = 0, warning = 0, error = 0 }: LogBucket): Bar => ({
	at,
	debug,
	info,
	warning,
	error,
});
const total = (bar: Bar) => bar.debug + bar.info + bar.warning + bar.error;

/** One bar for each span of the time, also for those in which nothing was said. */
export function withGaps({ since, until, bucket_seconds, buckets }: LogHistogram): Bar[] {
	const known = new Map(buckets.map((bucket) => [new Date(bucket.at).getTime(), bucket]));
	const bars: Bar[] = [];
	for (let at = new Date(since).getTime(); at < new Date(until).getTime(); at += bucket_seconds * 1000)
		bars.push(whole(known.get(at) ?? { at: new Date(at).toISOString() }));
	return bars;
}
