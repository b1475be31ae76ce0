import { Alert, Select, Stack, Text } from "@mantine/core";
import { Scale } from "lucide-react";
import { useState } from "react";
import type { DayComparedOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { count, plural } from "@/shared/numbers";
import { PanelBody } from "@/shared/SlideOver";
import { Empty, LoadingPanel, ProblemPanel } from "@/shared/states";
import { type Cell, dayCell, TwinTable } from "@/shared/TwinTable";
import { day } from "@/shared/time";
import { type Metric, useReconciliation, useRestatements } from "./accountQueries";
import { BesideIn } from "./BesideIn";
import { DayMoved } from "./DayMoved";

const METRICS: { value: Metric; label: string }[] = [
	{ value: "spend_micros", label: "Spend" },
	{ value: "impressions", label: "Impressions" },
	{ value: "clicks", label: "Clicks" },
	{ value: "link_clicks", label: "Link clicks" },
	{ value: "purchases", label: "Purchases" },
	{ value: "purchase_value_micros", label: "Purchase value" },
];

/** What is to be expected, and for nobody to mend. */
const HARMLESS = new Set(["rounding", "attribution", "no_source"]);

/** Our totals against Meta's own, by day, with what explains a difference. */
export function CompareTab({ account }: { account: string }) {
	const [shownIn, setShownIn] = useState<string>();
	const found = useReconciliation(account, shownIn);
	const [measure, setMeasure] = useState<Metric>("spend_micros");
	if (found.isPending) return <LoadingPanel what="totals" />;
	if (failed(found)) return <ProblemPanel error={found.error} retry={found.refetch} />;
	const { days, equal_days, currency, time_zone, show_in } = found.data;
	if (days.length === 0) return <Nothing>Totals come with the next sync.</Nothing>;
	const shown = figure(measure, currency);
	const isMoney = measure.endsWith("_micros");
	// What is compared stays as both sides tell it; what it was worth stands behind.
	const other = show_in && isMoney ? { currency: show_in, shown: figure(measure, show_in) } : undefined;
	const rows = days.map((one): Cell[] => {
		const it = one.measures.find((candidate) => candidate.measure === measure);
		return [
			dayCell(one.day),
			shown(it?.ours),
			shown(it?.source),
			shown(it?.difference, true),
			...(other ? [other.shown(worth(it?.ours, one.rate))] : []),
		];
	});
	const whole = together(days, measure);
	const without = days.filter(({ rate }) => rate == null).length;
	if (whole.days > 1)
		rows.unshift([
			{ value: `All ${plural(whole.days, "day")}` },
			shown(whole.ours),
			shown(whole.source),
			shown(whole.ours - whole.source, true),
			...(other ? [other.shown(without < days.length ? whole.worth : undefined)] : []),
		]);
	const causes = new Map<string, { its: string[]; color: string; of: Set<string> }>();
	for (const { cause, words, day, measures } of days) {
		if (cause === "equal") continue;
		const { its, of } = causes.get(words) ?? { its: [], of: new Set() };
		for (const it of measures) if (it.cause === cause) of.add(it.measure);
		causes.set(words, { its: [...its, day], color: HARMLESS.has(cause) ? "gray" : "yellow", of });
	}
	return (
		<PanelBody>
			<Stack gap="md">
				<Text size="sm">
					{equal_days === days.length
						? `All ${plural(days.length, "day")} say the same here and at Meta.`
						: `${count(equal_days)} of ${plural(days.length, "day")} say the same here and at Meta.`}{" "}
					Days are those of {time_zone}.
				</Text>
				{[...causes].map(([words, { its, color, of }]) => (
					<Alert key={words} color={color} title={`${some(its)}: ${named(of)}`}>
						{words}
					</Alert>
				))}
				<MetricField value={measure} onChange={setMeasure} />
				{isMoney && <BesideIn own={currency} value={shownIn} onChoose={setShownIn} />}
				{other && (
					<Text size="sm" c="dimmed">
						Here and Meta are compared in {currency}; what stands last is what we have in {other.currency},
						each day by its own rate.{without > 0 && ` ${plural(without, "day")} without a rate left out.`}
					</Text>
				)}
				<TwinTable
					label="Our totals and Meta's, by day"
					whole
					twin={{
						columns: [
							"Day",
							"Here",
							"At Meta",
							"Difference",
							...(other ? [`Here in ${other.currency}`] : []),
						],
						rows,
					}}
				/>
			</Stack>
		</PanelBody>
	);
}

/** How the number of past days moved, since Meta counts late conversions and corrects itself. */
export function MovedTab({ account }: { account: string }) {
	const [metric, setMetric] = useState<Metric>("purchases");
	const [opened, setOpened] = useState<string>();
	const found = useRestatements(account, metric);
	if (found.isPending) return <LoadingPanel what="days" />;
	if (failed(found)) return <ProblemPanel error={found.error} retry={found.refetch} />;
	// Until another number has come, the one before stays, told as what it is.
	const { days, currency, metric: told } = found.data;
	const shown = figure(told, currency);
	const moved = days.filter(({ moves }) => moves > 0);
	const chosen = moved.find((candidate) => candidate.day === opened);
	const rows = moved.map((one): Cell[] => [
		{ ...dayCell(one.day), figure: one.day, label: `How ${day(one.day)} moved` },
		shown(one.first),
		shown(one.now),
		shown(one.now - one.first, true),
		{ value: one.moves, shown: count(one.moves) },
		{ value: one.ads, shown: count(one.ads) },
	]);
	return (
		<PanelBody>
			<Stack gap="md">
				<Text size="sm">
					Meta restates past days for 28 days: conversions come late, and invalid clicks are taken back. Every
					sync reads them again, and what changed is kept. Money is in {currency}, as Meta tells it.
				</Text>
				<MetricField value={metric} onChange={setMetric} />
				{rows.length === 0 ? (
					<Text size="sm" c="dimmed">
						No day of the last 28 has moved since it was first read.
					</Text>
				) : (
					<TwinTable
						label="How days moved"
						whole
						twin={{ columns: ["Day", "First read", "Now", "Change", "Times", "Ads"], rows }}
						onFigure={setOpened}
					/>
				)}
				{chosen && (
					<DayMoved
						key={`${chosen.day}${told}`}
						account={account}
						metric={told}
						moved={chosen}
						shown={shown}
					/>
				)}
			</Stack>
		</PanelBody>
	);
}

function MetricField({ value, onChange }: { value: Metric; onChange: (metric: Metric) => void }) {
	return (
		<Select
			label="Number"
			allowDeselect={false}
			data={METRICS}
			value={value}
			onChange={(chosen) => chosen && onChange(chosen as Metric)}
		/>
	);
}

function Nothing({ children }: { children: string }) {
	return (
		<PanelBody>
			<Empty icon={Scale} title="Nothing to compare yet" level={3}>
				{children}
			</Empty>
		</PanelBody>
	);
}

/** Millionths are an amount of the account's currency; everything else is a count. A change says which way it went. */
/** The sums of the days of which both sides are known: others would be a difference that is none. */
export function together(days: readonly Pick<DayComparedOut, "measures" | "rate">[], measure: Metric) {
	const sums = { days: 0, ours: 0, source: 0, worth: 0 };
	for (const { measures, rate } of days) {
		const it = measures.find((candidate) => candidate.measure === measure);
		if (it?.ours == null || it.source == null) continue;
		sums.days += 1;
		sums.ours += it.ours;
		sums.source += it.source;
		sums.worth += worth(it.ours, rate) ?? 0;
	}
	return sums;
}

/** What an amount of a day was worth in another currency; nothing without a rate. */
const worth = (amount: number | null | undefined, rate: number | null | undefined): number | undefined =>
	amount == null || rate == null ? undefined : amount * rate;

export function figure(metric: Metric, currency: string) {
	const isMoney = metric.endsWith("_micros");
	const format = (signDisplay: "auto" | "exceptZero") =>
		new Intl.NumberFormat("en", {
			signDisplay,
			...(isMoney ? { style: "currency", currency } : { maximumFractionDigits: 2 }),
		});
	const plain = format("auto");
	const signed = format("exceptZero");
	return (of: number | null | undefined, isChange = false): Cell => {
		if (of === null || of === undefined) return { value: "", shown: "–" };
		const value = isMoney ? of / 1_000_000 : of;
		return { value, shown: (isChange ? signed : plain).format(value).replace("-", "−") };
	};
}

/** The numbers that a cause is about: seldom that one which is looked at. */
function named(measures: Set<string>): string {
	if (measures.size === METRICS.length) return "all numbers";
	const names = METRICS.filter(({ value }) => measures.has(value)).map(({ label }) => label);
	return new Intl.ListFormat("en").format(names).toLowerCase();
}

function some(days: string[]): string {
	const first = days.slice(0, 3).map((on) => day(on));
	return days.length > 3 ? `${first.join(", ")} and ${days.length - 3} more` : first.join(", ");
}
