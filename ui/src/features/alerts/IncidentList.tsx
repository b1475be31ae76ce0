import { Anchor, Badge, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { IncidentOut } from "@/api/generated/types.gen";
import { capital } from "@/shared/numbers";
import { duration, moment } from "@/shared/time";
import classes from "./Alerts.module.css";

type Why = { stories?: { id: string; title: string; outlet: string; outlets: number; quote: string }[] };
type Props = { incidents: IncidentOut[]; now: number };

const COLORS = { info: "blue", warning: "orange", critical: "red" } as const;

/** Spikes and silences with what they consist of; each story opens. */
export function IncidentList({ incidents, now }: Props) {
	if (incidents.length === 0) return null;
	return (
		<ul className={classes.incidents}>
			{incidents.map((incident) => {
				const { stories = [] } = incident.why as Why;
				const ends = incident.closed_at ? Date.parse(incident.closed_at) : now;
				return (
					<li key={incident.opened_at}>
						<div className={classes.when}>
							<Text size="sm" fw={600} span>
								{moment(incident.opened_at)}
							</Text>
							<Badge size="sm" color={COLORS[incident.severity]}>
								{capital(incident.severity)}
							</Badge>
							<Text size="xs" c="dimmed" span>
								{incident.closed_at
									? `lasted ${duration((ends - Date.parse(incident.opened_at)) / 1000)}`
									: "goes on"}
							</Text>
						</div>
						<Text size="sm">{incident.words}</Text>
						{stories.length > 0 && (
							<ul>
								{stories.slice(0, 3).map((story) => (
									<li key={story.id}>
										<Anchor
											size="sm"
											renderRoot={(props) => <Link {...props} to="/stories" search={{ story: story.id }} />}
										>
											{story.title}
										</Anchor>{" "}
										<Text size="xs" c="dimmed" span>
											{story.outlet}
											{story.outlets > 1 && ` and ${story.outlets - 1} more`}
										</Text>
									</li>
								))}
							</ul>
						)}
					</li>
				);
			})}
		</ul>
	);
}
