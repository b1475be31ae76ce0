import { Anchor, Group, Text, Title } from "@mantine/core";
import type { HealthPart } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { Advice } from "@/shared/Advice";
import { LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago } from "@/shared/time";
import classes from "./Admin.module.css";
import { figure } from "./figures";
import { useHealth } from "./queries";
import { State } from "./State";
import type { Tab } from "./search";

/** Where more is known of a part. */
const MORE: Record<string, Tab> = {
	database: "database",
	workers: "workers",
	queues: "queues",
	scheduler: "queues",
	feeds: "feeds",
	errors: "errors",
	watch: "alerts",
	disk: "doctor",
	backup: "doctor",
	web: "metrics",
};
const RANK = { critical: 0, warning: 1, ok: 2 };

export function HealthTab({ onGo }: { onGo: (tab: Tab) => void }) {
	const health = useHealth();
	if (health.isPending) return <LoadingRows what="health" />;
	if (failed(health)) return <ProblemPanel error={health.error} retry={health.refetch} />;
	const { state, version, checked_at } = health.data;
	const parts = health.data.parts.toSorted((one, other) => RANK[one.state] - RANK[other.state]);
	return (
		<>
			<Group gap="sm" mb="md">
				<State state={state} />
				<Text size="sm" c="dimmed">
					Version {version}, looked at <Ago at={checked_at} />
				</Text>
			</Group>
			<ul className={classes.parts} aria-label="Parts of the installation">
				{parts.map((part) => (
					<Part key={part.name} part={part} onGo={onGo} />
				))}
			</ul>
		</>
	);
}

function Part({ part, onGo }: { part: HealthPart; onGo: (tab: Tab) => void }) {
	const more = MORE[part.name];
	const figures = Object.entries(part.figures).filter(([, value]) => value !== null);
	return (
		<li data-state={part.state}>
			<Group justify="space-between" wrap="nowrap">
				<Title order={2} size="h5">
					{part.title}
				</Title>
				<State state={part.state} />
			</Group>
			<Text size="sm" className="sentence">
				{part.words}
			</Text>
			{part.what_to_do && (
				<Text size="sm" className={classes.todo}>
					<Advice>{part.what_to_do}</Advice>
				</Text>
			)}
			{more && part.state !== "ok" && (
				<Anchor component="button" type="button" size="sm" ta="left" onClick={() => onGo(more)}>
					More about {part.title.toLowerCase()}
				</Anchor>
			)}
			{figures.length > 0 && (
				<dl className={classes.figures}>
					{figures.map(([name, value]) => {
						const [label, shown] = figure(name, value);
						return (
							<div key={name}>
								<dt>{label}</dt>
								<dd>{shown}</dd>
							</div>
						);
					})}
				</dl>
			)}
		</li>
	);
}
