import { Badge, Stack, Text, Title } from "@mantine/core";
import { Ruler } from "lucide-react";
import type { FigureOut, LiveQualityOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { useNeighbourKeys } from "@/shared/keys";
import { count, percent } from "@/shared/numbers";
import { ShowMore } from "@/shared/ShowMore";
import { PanelBody, SlideOver } from "@/shared/SlideOver";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { day } from "@/shared/time";
import { useLiveQuality, useQuality } from "./queries";

/** How good the judgements are: measured on known data with this version, and as the people of each organization say. */
export function QualityTab({
	open,
	onOpen,
}: {
	open: string | undefined;
	onOpen: (id: string | undefined) => void;
}) {
	const quality = useQuality();
	const live = useLiveQuality();
	const organizations = live.data?.pages.flatMap(({ items }) => items) ?? [];
	const keys = quality.data?.items.map(({ key }) => key) ?? [];
	useNeighbourKeys(keys, open, onOpen);
	const figure = quality.data?.items.find(({ key }) => key === open);
	if (quality.isPending) return <LoadingRows what="figures" />;
	if (failed(quality)) return <ProblemPanel error={quality.error} retry={quality.refetch} />;
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
					columns={figureColumns(onOpen)}
					open={open}
					onOpen={onOpen}
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
				) : failed(live) ? (
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
				<ShowMore list={live} />
			</section>
			{figure && <FigurePanel figure={figure} onClose={() => onOpen(undefined)} />}
		</Stack>
	);
}

/** What a figure says, what it was measured on, and how to measure it again. */
function FigurePanel({ figure, onClose }: { figure: FigureOut; onClose: () => void }) {
	const { judgement, measure, means, data, command, floor, measured_on, version, reach, better } = figure;
	return (
		<SlideOver title={judgement} about={`${measure}: ${told(figure, figure.value)}`} onClose={onClose}>
			<PanelBody>
				<Stack gap="md">
					<Text size="sm">{means}</Text>
					<Text size="sm">
						{reach === null
							? "Nothing was aimed at."
							: `The aim was ${better === "higher" ? "at least" : "at most"} ${told(figure, reach)}: ${figure.reached ? "reached" : "not reached"}.`}{" "}
						{floor === null
							? "No test holds it."
							: `A test fails when a small set comes ${better === "higher" ? "below" : "above"} ${told(figure, floor)}.`}
					</Text>
					<Text size="sm">
						Measured on {day(measured_on)} with version {version}. {data}.
					</Text>
					<Text size="xs" c="dimmed">
						Again: <code>{command}</code>
					</Text>
				</Stack>
			</PanelBody>
		</SlideOver>
	);
}

function told({ unit }: FigureOut, value: number): string {
	if (unit === "share") return value.toFixed(3).replace(/^0/, "").replace(/0$/, "");
	if (unit === "megabytes") return `${count(value)} MB`;
	if (unit === "a_second") return `${count(value)} a second`;
	if (unit === "seconds") return `${count(value)} s`;
	return count(value);
}

const figureColumns = (onOpen: (id: string) => void): Column<FigureOut>[] => [
	{
		key: "judgement",
		title: "Judgement",
		render: ({ key, judgement, measure, data }) => (
			<>
				<RowName onClick={() => onOpen(key)}>{judgement}</RowName>
				<Text size="xs" c="dimmed" lineClamp={2}>
					{measure}. {data}
				</Text>
			</>
		),
	},
	{
		key: "value",
		title: "Measured",
		align: "right",
		fit: true,
		// One column for both: on a phone two leave too little for what was judged.
		render: (figure) => (
			<Stack gap={2} align="flex-end">
				<span className="numeric">{told(figure, figure.value)}</span>
				{figure.reach !== null && (
					<>
						<Text size="xs" c="dimmed" className="numeric">
							aim {figure.better === "higher" ? "≥" : "≤"} {told(figure, figure.reach)}
						</Text>
						<Badge size="xs" color={figure.reached ? "teal" : "orange"}>
							{figure.reached ? "Reached" : "Not reached"}
						</Badge>
					</>
				)}
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
		from: "wide",
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
		render: ({ sampled, precision, precision_low, precision_high, right, says_little, is_too_slow }) =>
			is_too_slow ? (
				"Not known: counting took too long"
			) : sampled === 0 ? (
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
		render: ({ brands, is_too_slow }) => (is_too_slow ? "–" : count(brands)),
	},
];
