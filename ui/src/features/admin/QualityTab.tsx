import { Badge, Button, Stack, Text, Title } from "@mantine/core";
import { Ruler } from "lucide-react";
import type { FigureOut, LiveQualityOut } from "@/api/generated/types.gen";
import { type Column, DataTable } from "@/shared/DataTable";
import { count, percent } from "@/shared/numbers";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { day } from "@/shared/time";
import { useLiveQuality, useQuality } from "./queries";

/** How good the judgements are: measured on known data with this version, and as the people of each organization say. */
export function QualityTab() {
	const quality = useQuality();
	const live = useLiveQuality();
	const organizations = live.data?.pages.flatMap(({ items }) => items) ?? [];
	if (quality.isPending) return <LoadingRows what="figures" />;
	if (quality.isError) return <ProblemPanel error={quality.error} retry={quality.refetch} />;
	return (
		<Stack gap="lg">
			<section aria-labelledby="measured">
				<Title order={2} size="h5" id="measured">
					Measured with this version
				</Title>
				<Text size="sm" c="dimmed" mb="xs">
					On data whose answers are known, before it was shipped. Not reached is said, too.
				</Text>
				<DataTable
					label="Figures of this version"
					rows={quality.data.items}
					columns={FIGURES}
					id={({ key }) => key}
				/>
			</section>
			<section aria-labelledby="live">
				<Title order={2} size="h5" id="live">
					As your people say
				</Title>
				<Text size="sm" c="dimmed" mb="xs">
					From the weekly samples and judgements of twelve weeks, of all brands of an organization together.
					Each brand's own figures are under its Trust.
				</Text>
				{live.isPending ? (
					<LoadingRows what="live figures" />
				) : live.isError ? (
					<ProblemPanel error={live.error} retry={live.refetch} />
				) : organizations.length === 0 ? (
					<Empty icon={Ruler} title="No organization yet">
						Once people judge mentions, what they say stands here.
					</Empty>
				) : (
					<DataTable
						label="Live figures"
						rows={organizations}
						columns={LIVE}
						id={({ organization_id }) => organization_id}
					/>
				)}
				{live.hasNextPage && (
					<Button
						variant="default"
						mt="sm"
						loading={live.isFetchingNextPage}
						onClick={() => live.fetchNextPage()}
					>
						Show more
					</Button>
				)}
			</section>
		</Stack>
	);
}

function told({ unit }: FigureOut, value: number): string {
	if (unit === "share") return value.toFixed(3).replace(/^0/, "").replace(/0$/, "");
	if (unit === "megabytes") return `${count(value)} MB`;
	if (unit === "a_second") return `${count(value)} a second`;
	return count(value);
}

const FIGURES: Column<FigureOut>[] = [
	{
		key: "judgement",
		title: "Judgement",
		render: ({ judgement, measure, means, data, command }) => (
			<>
				<Text size="sm" fw={600}>
					{judgement}
				</Text>
				<Text size="xs">{means}</Text>
				<Text size="xs" c="dimmed">
					{measure}. {data}. <code>{command}</code>
				</Text>
			</>
		),
	},
	{
		key: "value",
		title: "Measured",
		align: "right",
		fit: true,
		render: (figure) => <span className="numeric">{told(figure, figure.value)}</span>,
	},
	{
		key: "reach",
		title: "Aimed at",
		align: "right",
		fit: true,
		render: (figure) =>
			figure.reach === null ? (
				"–"
			) : (
				<Stack gap={2} align="flex-end">
					<span className="numeric">
						{figure.better === "higher" ? "≥" : "≤"} {told(figure, figure.reach)}
					</span>
					<Badge size="xs" color={figure.reached ? "teal" : "orange"}>
						{figure.reached ? "Reached" : "Not reached"}
					</Badge>
				</Stack>
			),
	},
	{
		key: "floor",
		title: "Held by a test",
		align: "right",
		fit: true,
		from: "wide",
		render: (figure) =>
			figure.floor === null ? "–" : <span className="numeric">{told(figure, figure.floor)}</span>,
	},
	{
		key: "on",
		title: "On",
		fit: true,
		from: "medium",
		render: ({ measured_on, version }) => (
			<>
				{day(measured_on)}
				<Text size="xs" c="dimmed">
					{version}
				</Text>
			</>
		),
	},
];

const LIVE: Column<LiveQualityOut>[] = [
	{ key: "name", title: "Organization", render: ({ name }) => name },
	{
		key: "precision",
		title: "Right of what is shown",
		align: "right",
		fit: true,
		render: ({ sampled, precision, precision_low, precision_high, right, says_little }) =>
			sampled === 0 ? (
				"Nothing sampled"
			) : (
				<>
					<span className="numeric">{percent(precision)}</span>
					<Text size="xs" c="dimmed">
						{right} of {sampled}; 90 % sure: {percent(precision_low)} to {percent(precision_high)}
						{says_little && ", too few to say much"}
					</Text>
				</>
			),
	},
	{
		key: "ece",
		title: "Confidence off by",
		align: "right",
		fit: true,
		from: "medium",
		render: ({ ece, judged }) =>
			ece === null ? (
				"–"
			) : (
				<>
					<span className="numeric">{(100 * ece).toFixed(1)} points</span>
					<Text size="xs" c="dimmed">
						{count(judged)} judged
					</Text>
				</>
			),
	},
	{
		key: "brands",
		title: "Brands",
		align: "right",
		fit: true,
		from: "wide",
		render: ({ brands }) => count(brands),
	},
];
