import { SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { CalendarClock } from "lucide-react";
import { useState } from "react";
import { failed } from "@/api/problems";
import { useSession } from "@/api/session";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import classes from "./Calendar.module.css";
import { inDays } from "./days";
import { useCalendar } from "./queries";

const RANGES = {
	"1": { label: "A day", within: "in a day" },
	"7": { label: "A week", within: "in a week" },
	"31": { label: "A month", within: "in a month" },
};
type Days = keyof typeof RANGES;

type Props = { open: string | undefined; onOpen: (id: string) => void };

/** When all schedules come due, day by day, in the organization's time zone. */
export function CalendarTab({ open, onOpen }: Props) {
	const [days, setDays] = useState<Days>("7");
	return (
		<Stack gap="md">
			<SegmentedControl
				aria-label="How far ahead"
				value={days}
				onChange={(value) => setDays(value as Days)}
				data={Object.entries(RANGES).map(([value, { label }]) => ({ value, label }))}
				style={{ alignSelf: "start" }}
			/>
			<Times days={days} open={open} onOpen={onOpen} />
		</Stack>
	);
}

function Times({ days, open, onOpen }: Props & { days: Days }) {
	const zone = useSession().organization.time_zone;
	const calendar = useCalendar(Number(days));
	if (calendar.isPending) return <LoadingRows what="calendar" rows={6} />;
	if (failed(calendar)) return <ProblemPanel error={calendar.error} retry={calendar.refetch} />;
	if (calendar.data.items.length === 0) {
		return (
			<Empty icon={CalendarClock} title={`Nothing comes due ${RANGES[days].within}`}>
				The next times of all schedules that are not paused are shown here, all of them together.
			</Empty>
		);
	}
	return (
		<>
			{inDays(calendar.data.items, zone).map(({ day, entries }) => (
				<section key={day} aria-label={day}>
					<Title order={2} size="h6" mb={4}>
						{day}
					</Title>
					<ol className={classes.times}>
						{entries.map(({ key, entry, time, again }) => (
							<li key={key} data-row={entry.schedule_id}>
								<button
									type="button"
									className={classes.entry}
									data-open={entry.schedule_id === open || undefined}
									onClick={() => onOpen(entry.schedule_id)}
								>
									<span className={classes.when}>{time}</span>
									<span className={classes.what}>
										{entry.title} {again && <span className={classes.when}>{again}</span>}
									</span>
								</button>
							</li>
						))}
					</ol>
				</section>
			))}
			<Text size="xs" c="dimmed">
				Times in {zone}.{calendar.data.more && " There are more: only the next 2,000 are shown."}
			</Text>
		</>
	);
}
