import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { BellRing, Plus } from "lucide-react";
import type { AlertRuleOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { useNeighbourKeys } from "@/shared/keys";
import { later } from "@/shared/later";
import { count, percent, plural } from "@/shared/numbers";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago, duration } from "@/shared/time";
import { bytes } from "./figures";
import { useRules } from "./queries";

const RulePanel = later(async () => (await import("./RulePanel")).RulePanel);
const NewRulePanel = later(async () => (await import("./NewRulePanel")).NewRulePanel);

type Props = { open: string | undefined; onOpen: (id: string | undefined) => void };

export function AlertsTab({ open, onOpen }: Props) {
	const rules = useRules();
	useNeighbourKeys(rules.data?.map(({ id }) => id) ?? [], open, onOpen);
	if (rules.isPending) return <LoadingRows what="alert rules" />;
	if (failed(rules)) return <ProblemPanel error={rules.error} retry={rules.refetch} />;
	const firing = rules.data.filter(({ firing_since }) => firing_since).length;
	const add = (
		<Button leftSection={<Plus size={16} />} onClick={() => onOpen("new")}>
			New rule
		</Button>
	);
	return (
		<Stack gap="md">
			<Group justify="space-between">
				<Text size="sm" c="dimmed">
					{firing === 0 ? "Nothing is wrong now" : `${plural(firing, "rule")} broken now`}. Rules are looked
					at each minute.
				</Text>
				{add}
			</Group>
			{rules.data.length === 0 ? (
				<Empty icon={BellRing} title="No rules yet" action={add}>
					A rule tells the people who run this installation when a figure crosses a limit.
				</Empty>
			) : (
				<DataTable
					label="Alert rules"
					rows={rules.data}
					columns={columns(onOpen)}
					id={({ id }) => id}
					open={open}
					onOpen={onOpen}
				/>
			)}
			{open === "new" && <NewRulePanel onClose={() => onOpen(undefined)} onOpen={onOpen} />}
			{open && open !== "new" && <RulePanel key={open} id={open} onClose={() => onOpen(undefined)} />}
		</Stack>
	);
}

function columns(onOpen: (id: string) => void): Column<AlertRuleOut>[] {
	return [
		{
			key: "rule",
			title: "Rule",
			render: (rule) => (
				<>
					<RowName onClick={() => onOpen(rule.id)}>{rule.title}</RowName>
					<Text size="xs" c="dimmed">
						{inWords(rule)}
					</Text>
				</>
			),
		},
		{ key: "state", title: "State", fit: true, render: (rule) => <Standing rule={rule} /> },
		{
			key: "severity",
			title: "Severity",
			fit: true,
			from: "medium",
			render: ({ severity }) => <div className="sentence">{severity}</div>,
		},
		{
			key: "checked",
			title: "Looked at",
			fit: true,
			from: "wide",
			render: ({ checked_at }) => (checked_at ? <Ago at={checked_at} /> : "–"),
		},
	];
}

const UNITS: Record<string, (threshold: number) => string> = {
	bytes,
	seconds: duration,
	ratio: percent,
};

type Told = Pick<AlertRuleOut, "metric" | "label" | "comparison" | "threshold" | "window_minutes">;

/** "queue oldest wait above 10 min for 5 min" */
export function inWords({ metric, label, comparison, threshold, window_minutes }: Told): string {
	const [, plain = "", unit = ""] = /^(?:brandhound_)?(.+?)(?:_(bytes|seconds|ratio))?$/.exec(metric) ?? [];
	const name = plain.replaceAll("_", " ");
	const limit = UNITS[unit]?.(threshold) ?? count(threshold);
	const within = metric === "errors" || metric === "regressions" ? "within" : "for";
	return `${name}${label ? ` (${label})` : ""} ${comparison} ${limit} ${within} ${window_minutes} min`;
}

export function Standing({ rule }: { rule: AlertRuleOut }) {
	if (!rule.enabled) return <Badge color="gray">Off</Badge>;
	const silenced = rule.silenced_until && Date.parse(rule.silenced_until) > Date.now();
	if (rule.firing_since) {
		return (
			<Badge color={rule.severity === "critical" ? "red" : "yellow"}>
				{silenced ? "Broken, silent" : "Broken"}
			</Badge>
		);
	}
	return silenced ? <Badge color="gray">Silent</Badge> : <Badge color="green">Well</Badge>;
}
