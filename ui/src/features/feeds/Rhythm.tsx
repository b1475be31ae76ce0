import { Text, Title, VisuallyHidden } from "@mantine/core";
import classes from "./Feeds.module.css";

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** When items come: hour by weekday. `counts` begins on Monday at 0:00 UTC; the picture is in the viewer's zone. */
export function Rhythm({ counts }: { counts: number[] }) {
	const shift = Math.round(-new Date().getTimezoneOffset() / 60);
	const local = counts.map((_, hour) => counts[(hour - shift + 168) % 168] ?? 0);
	const most = Math.max(1, ...local);
	const busiest = local.indexOf(most);
	return (
		<section aria-labelledby="rhythm">
			<Title order={3} size="h6" mb={6} id="rhythm">
				When it publishes
			</Title>
			<VisuallyHidden>
				Most often on {DAYS[Math.floor(busiest / 24)]} around {busiest % 24}:00.
			</VisuallyHidden>
			<div className={classes.rhythm} aria-hidden>
				{DAYS.map((day, row) => (
					<RhythmRow key={day} day={day} row={local.slice(row * 24, row * 24 + 24)} most={most} />
				))}
				<span />
				{[0, 6, 12, 18].map((hour) => (
					<span key={hour} style={{ gridColumn: "span 6" }}>
						{hour}:00
					</span>
				))}
			</div>
			<Text size="xs" c="dimmed" mt={4}>
				Items by hour, in your time zone
			</Text>
		</section>
	);
}

function RhythmRow({ day, row, most }: { day: string; row: number[]; most: number }) {
	return (
		<>
			<span>{day}</span>
			{row.map((number, hour) => (
				<i
					// biome-ignore lint/suspicious/noArrayIndexKey: an hour of the day is its own identity
					key={hour}
					title={`${day} ${hour}:00: ${number}`}
					style={{ "--share": number / most } as React.CSSProperties}
				/>
			))}
		</>
	);
}
