import { Text } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import type { AdMetricOut, AdOut, AdPage, AdTotals, PageOfAds } from "@/api/generated/types.gen";
import { Breaking } from "@/shared/Breaking";
import { RowName } from "@/shared/DataTable";
import edges from "@/shared/edges.module.css";
import { plural } from "@/shared/numbers";
import { AdPicture } from "./AdPicture";
import classes from "./Ads.module.css";
import { show } from "./adNumbers";
import { Health } from "./Health";

type Props = {
	rows: readonly AdOut[];
	page: AdPage;
	columns: readonly string[];
	metrics: ReadonlyMap<string, AdMetricOut>;
	sort: string;
	onSort: (sort: string) => void;
	open: string | undefined;
	onOpen: (id: string) => void;
	onEnd: () => void;
};

/** It says by its edges that there is more beside it. */
export const FRAME = `${classes.frame} ${edges.fades}`;
const HEIGHT = 58;
const HEADING = 36;

/** A line of the table: an ad, or what begins the ads of a currency. */
type Line = { ad: AdOut } | { currency: AdTotals };

/** The ads as they come; where money of several currencies is in order, each currency has a heading with its sums. */
function linesOf(rows: readonly AdOut[], { currencies, in_order_by_currency }: AdPage): Line[] {
	let last: string | undefined;
	return rows.flatMap((ad): Line[] => {
		const begins = in_order_by_currency && ad.currency !== last;
		last = ad.currency;
		const its = begins && currencies.find(({ currency }) => currency === ad.currency);
		return its ? [{ currency: its }, { ad }] : [{ ad }];
	});
}

/** Only the rows in sight are drawn, however many there are; the head and the sum of all stay. */
export function AdTable({ rows, page, columns, metrics, sort, onSort, open, onOpen, onEnd }: Props) {
	const frame = useRef<HTMLElement>(null);
	const lines = useMemo(() => linesOf(rows, page), [rows, page]);
	const virtual = useVirtualizer({
		count: lines.length,
		getScrollElement: () => frame.current,
		estimateSize: (index) => (lines[index] && "ad" in lines[index] ? HEIGHT : HEADING),
		overscan: 10,
		getItemKey: (index) => keyOf(lines[index]) ?? index,
	});
	// biome-ignore lint/correctness/useExhaustiveDependencies: headings are lower than ads, and move with the order
	useEffect(() => virtual.measure(), [lines]);
	const drawn = virtual.getVirtualItems();
	const first = drawn[0]?.start ?? 0;
	const rest = virtual.getTotalSize() - (drawn.at(-1)?.end ?? 0);
	const last = drawn.at(-1)?.index ?? 0;
	// biome-ignore lint/correctness/useExhaustiveDependencies: asked when the end comes near
	useEffect(() => {
		if (rows.length < page.total && last >= lines.length - 20) onEnd();
	}, [last, rows.length, page.total]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: runs when another one is opened
	useEffect(() => {
		const at = lines.findIndex((line) => "ad" in line && line.ad.id === open);
		if (at >= 0) virtual.scrollToIndex(at);
	}, [open]);
	const spare = columns.length + 2;
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse
		<section ref={frame} className={FRAME} aria-label="Table of ads" tabIndex={0}>
			<table
				className={classes.table}
				aria-label="Ads"
				aria-rowcount={page.total + 2 + (page.in_order_by_currency ? page.currencies.length : 0)}
			>
				<thead>
					<tr>
						<Head name="name" title="Ad" sort={sort} onSort={onSort} about="" rising first />
						<th scope="col">What is said</th>
						<MetricHeads {...{ columns, metrics, sort, onSort }} />
					</tr>
				</thead>
				<tbody>
					{first > 0 && (
						<tr aria-hidden style={{ height: first }}>
							<td colSpan={spare} />
						</tr>
					)}
					{drawn.map(({ index, key }) => {
						const line = lines[index];
						if (!line) return null;
						if (!("ad" in line))
							return (
								<tr key={key} aria-rowindex={index + 2} className={classes.heading}>
									<th scope="row">
										{line.currency.currency} · {plural(line.currency.ads, "ad")}
									</th>
									<td />
									<Values of={line.currency} {...{ columns, metrics }} currency={line.currency.currency} />
								</tr>
							);
						const { ad } = line;
						return (
							<tr
								key={key}
								aria-rowindex={index + 2}
								className={classes.row}
								data-row={ad.id}
								data-open={ad.id === open || undefined}
								data-thin={ad.health === "insufficient" || ad.delivery !== "recent" || undefined}
								onClick={() => onOpen(ad.id)}
							>
								<td>
									<span className={classes.name}>
										<AdPicture asset={ad.picture} />
										<span className={classes.words}>
											<RowName onClick={() => onOpen(ad.id)}>
												<Breaking>{ad.name}</Breaking>
											</RowName>
											<Text size="xs" c="dimmed" truncate>
												{[
													page.shown_in && paidIn(ad),
													ad.campaign ?? ad.account,
													ad.status?.toLowerCase().replaceAll("_", " "),
												]
													.filter(Boolean)
													.join(" · ")}
											</Text>
										</span>
									</span>
								</td>
								<td className={classes.said}>
									<Health ad={ad} most={1} />
								</td>
								<Values of={ad} {...{ columns, metrics }} currency={page.shown_in?.currency ?? ad.currency} />
							</tr>
						);
					})}
					{rest > 0 && (
						<tr aria-hidden style={{ height: rest }}>
							<td colSpan={spare} />
						</tr>
					)}
				</tbody>
				<tfoot>
					<tr>
						<th scope="row">{plural(page.total, "ad")} together</th>
						<td />
						<Values of={page.totals} {...{ columns, metrics }} currency={page.totals.currency} />
					</tr>
				</tfoot>
			</table>
		</section>
	);
}

const keyOf = (line: Line | undefined) => line && ("ad" in line ? line.ad.id : line.currency.currency);

/** In what an ad is paid, where its money is shown in something else; and how much of it is not in there. */
const paidIn = ({ currency, days_without_rate }: AdOut): string =>
	days_without_rate > 0 ? `${currency}, ${plural(days_without_rate, "day")} without a rate` : currency;

type ValuesProps = Pick<Props, "columns" | "metrics"> & {
	of: AdOut | AdTotals | PageOfAds;
	currency: string | null | undefined;
};

/** What is converted says on hover what it is in the account's own currency. */
export function Values({ of, columns, metrics, currency }: ValuesProps) {
	return columns.map((name) => {
		const shown = metrics.get(name)?.shown ?? "number";
		const own = "own_values" in of && of.currency !== currency ? of.own_values?.[name] : undefined;
		return (
			<td
				key={name}
				data-align="right"
				title={own == null ? undefined : `${show(own, shown, of.currency)} in ${of.currency}, all days`}
			>
				{show(of.values[name], shown, currency)}
			</td>
		);
	});
}

type HeadsProps = Pick<Props, "columns" | "metrics" | "sort" | "onSort">;

/** The heads of metrics: what each says, and the order at the first press. */
export function MetricHeads({ columns, metrics, sort, onSort }: HeadsProps) {
	return columns.map((name) => {
		const metric = metrics.get(name);
		return (
			<Head
				key={name}
				name={name}
				title={metric?.title ?? name}
				about={metric ? [metric.about, metric.formula].filter(Boolean).join("\n") : ""}
				rising={metric?.direction === "down"}
				sort={sort}
				onSort={onSort}
			/>
		);
	});
}

type HeadProps = {
	name: string;
	title: string;
	about: string;
	sort: string;
	onSort: (sort: string) => void;
	/** What is better, or comes first by letters, stands first at the first press. */
	rising?: boolean;
	first?: true;
};

export function Head({ name, title, about, sort, onSort, rising, first }: HeadProps) {
	const down = sort === `-${name}`;
	const up = sort === name;
	return (
		<th
			scope="col"
			data-align={first ? undefined : "right"}
			aria-sort={down ? "descending" : up ? "ascending" : undefined}
		>
			<button
				type="button"
				className={classes.head}
				title={about || undefined}
				onClick={() => onSort(rising ? (up ? `-${name}` : name) : down ? name : `-${name}`)}
			>
				{title}
				{down && <ArrowDown size={12} aria-hidden />}
				{up && <ArrowUp size={12} aria-hidden />}
			</button>
		</th>
	);
}
