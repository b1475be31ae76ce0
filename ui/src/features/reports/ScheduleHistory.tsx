import { Group, Text } from "@mantine/core";
import { moment } from "@/shared/time";
import classes from "./Leaving.module.css";
import { useSendings } from "./leaving";
import { SendingState } from "./Sending";

/** The newest sendings of one schedule. */
export function ScheduleHistory({ id }: { id: string }) {
	const sendings = useSendings(id);
	const rows = sendings.data?.pages[0]?.items.slice(0, 8) ?? [];
	if (rows.length === 0) return null;
	return (
		<section aria-label="Sent so far">
			<Text fw={600} size="sm">
				Sent so far
			</Text>
			<ul className={classes.history}>
				{rows.map((row) => (
					<li key={row.id}>
						<Group justify="space-between" wrap="nowrap" gap="xs">
							<Text size="sm" truncate>
								{row.address || row.title}
							</Text>
							<SendingState state={row.state} />
						</Group>
						<Text size="xs" c="dimmed" className="sentence">
							{moment(row.window_at)}
							{row.sort === "test" && " · a test"}
							{row.reason && ` · ${row.reason}`}
						</Text>
					</li>
				))}
			</ul>
		</section>
	);
}
