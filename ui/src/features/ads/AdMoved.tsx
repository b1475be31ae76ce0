import { SegmentedControl, Text } from "@mantine/core";
import { useState } from "react";
import type { DayMovedOut } from "@/api/generated/types.gen";
import { ChartTwin } from "@/shared/ChartTwin";
import { plural } from "@/shared/numbers";
import { type Cell, dayCell } from "@/shared/TwinTable";
import { day } from "@/shared/time";
import classes from "./Ads.module.css";
import { type Metric, useRestatements } from "./accountQueries";
import { figure } from "./Comparing";

type Props = { ad: string; account: string; shownIn: string | undefined };

const LINES: { value: Metric; label: string }[] = [
	{ value: "purchases", label: "Purchases" },
	{ value: "spend_micros", label: "Spend" },
];
const MOST_DAYS = 6;
/** Where the latest of all changes is drawn, in percent of the width. */
const LAST_STEP = 94;

/** How the numbers of an ad's past days moved since they were first read; nothing where none did. */
export function AdMoved({ ad, account, shownIn }: Props) {
	const purchases = useRestatements(account, "purchases", ad);
	const spend = useRestatements(account, "spend_micros", ad);
	const [wanted, setWanted] = useState<Metric>("purchases");
	// The trend above says the rest: this waits for nobody, and complains to nobody.
	const told = LINES.map((line) => ({
		...line,
		days: movedOf((line.value === "purchases" ? purchases : spend).data?.days),
	})).filter(({ days }) => days.length > 0);
	const line = told.find(({ value }) => value === wanted) ?? told[0];
	if (!line) return null;
	const currency = purchases.data?.currency ?? spend.data?.currency ?? "USD";
	const shown = figure(line.value, currency);
	const most = [...line.days]
		.sort((one, other) => Math.abs(other.now - other.first) - Math.abs(one.now - one.first))
		.slice(0, MOST_DAYS)
		.sort((one, other) => other.day.localeCompare(one.day));
	const oldest = Math.max(...most.map(ageOf));
	return (
		<ChartTwin
			title="How past days moved"
			level={3}
			about={`From when a day was first read until now: purchases come late, and some clicks are taken back. ${plural(line.days.length, "day")} moved${line.days.length > MOST_DAYS ? `, the ${MOST_DAYS} that moved most are drawn` : ""}.${shownIn && shownIn !== currency ? ` Money is in ${currency} here, as Meta tells it.` : ""}`}
			twin={{
				columns: ["Day", "First read", "Now", "Change", "Times"],
				rows: line.days.map((one): Cell[] => [
					dayCell(one.day),
					shown(one.first),
					shown(one.now),
					shown(one.now - one.first, true),
					{ value: one.moves },
				]),
			}}
		>
			{told.length > 1 && (
				<SegmentedControl
					size="xs"
					mb="sm"
					aria-label="Number that moved"
					data={LINES}
					value={line.value}
					onChange={(chosen) => setWanted(chosen as Metric)}
				/>
			)}
			<ul className={classes.moved}>
				{most.map((one) => (
					<li key={one.day}>
						<Text span size="sm">
							{day(one.day)}
						</Text>
						<Spark moved={one} oldest={oldest} />
						<Text span size="sm" className="numeric">
							{shown(one.first).shown} → <b>{shown(one.now).shown}</b>
						</Text>
					</li>
				))}
			</ul>
		</ChartTwin>
	);
}

const movedOf = (days: DayMovedOut[] | undefined) => (days ?? []).filter(({ moves }) => moves > 0);

const DAY_MS = 86_400_000;
/** How many days after the day began a number was read. */
const age = (on: string, at: string) => Math.max((Date.parse(at) - Date.parse(on)) / DAY_MS, 0);
const ageOf = ({ day, points }: DayMovedOut) =>
	Math.max(1, ...points.flatMap(({ at }) => (at ? [age(day, at)] : [])));

/**
 * A day's number over its age in steps. All days are on the same scale of ages, and each is between its own least and most: from
 * zero on, one purchase more of forty would be a straight line. The words beside it say how much it is.
 */
function Spark({ moved, oldest }: { moved: DayMovedOut; oldest: number }) {
	const values = moved.points.map(({ value }) => value);
	const least = Math.min(...values);
	const most = Math.max(...values);
	// What moved last is seen as a level, too, and not as a stroke on the edge.
	const x = (at: string | null) => (at ? (LAST_STEP * age(moved.day, at)) / oldest : 0);
	const y = (value: number) => 20 - (16 * (value - least)) / (most - least || 1);
	const steps = moved.points.map(({ at, value }, place) =>
		place === 0 ? `M0 ${y(value)}` : `H${x(at).toFixed(1)} V${y(value).toFixed(1)}`,
	);
	return (
		<svg className={classes.spark} viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden>
			<path d={`${steps.join(" ")} H100`} vectorEffect="non-scaling-stroke" />
		</svg>
	);
}
