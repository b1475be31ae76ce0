import { Alert, Text } from "@mantine/core";
import { useState } from "react";
import type { BackTest } from "@/api/generated/types.gen";
import { useSession } from "@/api/session";
import { plural } from "@/shared/numbers";
import { day } from "@/shared/time";
import classes from "./Alerts.module.css";
import { IncidentList } from "./IncidentList";

/** What an alert would have told of: in a sentence, in a picture, and one by one. */
export function BackTestResult({ result, stale }: { result: BackTest; stale: boolean }) {
	const [now] = useState(Date.now);
	return (
		<div className={classes.result} data-stale={stale || undefined}>
			<Text fw={600} mb="xs">
				{result.says}
			</Text>
			{result.is_thin && (
				<Alert color="yellow" mb="sm">
					{result.days_known === 0
						? "Nothing is known of this brand yet, so nothing can be said of what is usual."
						: `Only ${plural(result.days_known, "day")} of history: what is usual is half a guess until there are 14.`}
				</Alert>
			)}
			<Days result={result} />
			<IncidentList incidents={result.incidents} now={now} />
		</div>
	);
}

const WIDTH = 360;
const HEIGHT = 72;

function Days({ result: { by_day, incidents } }: { result: BackTest }) {
	const top = Math.max(...by_day.map(({ stories, expected }) => Math.max(stories, expected)), 1);
	const step = WIDTH / Math.max(by_day.length, 1);
	const y = (value: number) => HEIGHT - (value / top) * (HEIGHT - 8);
	// Days are those of the organization, wherever it is looked at from.
	const timeZone = useSession().organization.time_zone;
	const rang = new Set(
		incidents.map(({ opened_at }) => new Date(opened_at).toLocaleDateString("sv", { timeZone })),
	);
	const most = by_day.reduce(
		(one, other) => (other.stories > one.stories ? other : one),
		by_day[0] ?? { stories: 0, day_on: "" },
	);
	return (
		<figure className={classes.days}>
			<svg
				viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
				preserveAspectRatio="none"
				role="img"
				aria-label={`Stories a day against what is usual; the most were ${most.stories} on ${most.day_on && day(most.day_on)}`}
			>
				{by_day.map(({ day_on, stories }, at) => (
					<rect
						key={day_on}
						x={at * step + 0.5}
						width={Math.max(step - 1, 0.5)}
						y={y(stories)}
						height={HEIGHT - y(stories)}
						data-rang={rang.has(day_on) || undefined}
					/>
				))}
				<polyline
					points={by_day.map(({ expected }, at) => `${(at + 0.5) * step},${y(expected)}`).join(" ")}
				/>
			</svg>
			<figcaption>
				<span>{by_day[0] && day(by_day[0].day_on)}</span>
				<span className={classes.legend}>
					<i data-kind="stories" /> stories a day <i data-kind="expected" /> usual <i data-kind="rang" /> rang
				</span>
				<span>{by_day.at(-1) && day(by_day.at(-1)?.day_on ?? "")}</span>
			</figcaption>
		</figure>
	);
}
