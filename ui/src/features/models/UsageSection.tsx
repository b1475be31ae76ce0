import { Group, SegmentedControl, Text, Title } from "@mantine/core";
import { ChartNoAxesColumn } from "lucide-react";
import { useState } from "react";
import type { ModelUsageOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { type Column, DataTable } from "@/shared/DataTable";
import { money, tokens } from "@/shared/money";
import { count } from "@/shared/numbers";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { day } from "@/shared/time";
import { useModelUsage } from "./queries";

const SPANS = [
	{ value: "7", label: "7 days" },
	{ value: "30", label: "30 days" },
	{ value: "90", label: "90 days" },
];

/** What was asked, by day and use, and what it cost. */
export function UsageSection() {
	const [days, setDays] = useState("30");
	const usage = useModelUsage(Number(days));
	const rows = usage.data ?? [];
	const spent = rows.reduce((sum, { cost_micros }) => sum + cost_micros, 0);
	const spared = rows.reduce((sum, { cached }) => sum + cached, 0);
	return (
		<section aria-labelledby="usage">
			<Group justify="space-between" align="flex-end" mb="sm">
				<div>
					<Title order={2} size="h5" id="usage">
						What was asked
					</Title>
					{rows.length > 0 && (
						<Text size="sm" c="dimmed">
							{money(spent)} in {days} days
							{spared > 0 && `; ${count(spared)} answered from what was kept`}
						</Text>
					)}
				</div>
				<SegmentedControl size="xs" aria-label="Span" data={SPANS} value={days} onChange={setDays} />
			</Group>
			{usage.isPending ? (
				// No higher than what comes: at the end of the page whatever stands above would jump under a click.
				<LoadingRows what="usage" rows={1} />
			) : failed(usage) ? (
				<ProblemPanel error={usage.error} retry={usage.refetch} />
			) : rows.length === 0 ? (
				<Empty icon={ChartNoAxesColumn} title="No model was asked" level={3}>
					Each call appears here with its tokens and its cost. The embedded analysis costs nothing and is not
					counted.
				</Empty>
			) : (
				<DataTable
					label="Usage"
					rows={rows}
					columns={COLUMNS}
					id={({ on, feature, provider, model }) => [on, feature, provider, model].join(" ")}
				/>
			)}
		</section>
	);
}

const COLUMNS: Column<ModelUsageOut>[] = [
	{ key: "on", title: "Day", fit: true, render: ({ on }) => day(on) },
	{
		key: "what",
		title: "Use",
		render: ({ title, model }) => (
			<>
				<Text size="sm">{title}</Text>
				<Text size="xs" c="dimmed" lineClamp={1}>
					{model}
				</Text>
			</>
		),
	},
	{
		key: "calls",
		title: "Calls",
		fit: true,
		align: "right",
		render: ({ calls, cached, failed }) => (
			<>
				{count(calls)}
				{(cached > 0 || failed > 0) && (
					<Text size="xs" c="dimmed">
						{[cached > 0 && `${count(cached)} kept`, failed > 0 && `${count(failed)} failed`]
							.filter(Boolean)
							.join(", ")}
					</Text>
				)}
			</>
		),
	},
	{
		key: "tokens",
		title: "Tokens",
		fit: true,
		align: "right",
		from: "medium",
		render: ({ input_tokens, output_tokens }) => tokens(input_tokens + output_tokens),
	},
	{
		key: "cost",
		title: "Cost",
		fit: true,
		align: "right",
		render: ({ cost_micros, unpriced, calls }) =>
			unpriced > 0 && unpriced === calls ? "unknown" : `${money(cost_micros)}${unpriced > 0 ? " +" : ""}`,
	},
];
