import { Stack, Text } from "@mantine/core";
import { SearchX } from "lucide-react";
import type { AdMetricOut, AdsByPage, PageOfAds } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { RowName } from "@/shared/DataTable";
import { count, plural } from "@/shared/numbers";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import classes from "./Ads.module.css";
import { FRAME, Head, MetricHeads, Values } from "./AdTable";
import { show } from "./adNumbers";
import type { useAdsByPage } from "./adQueries";
import { pageName } from "./adRows";

type Props = {
	found: ReturnType<typeof useAdsByPage>;
	metrics: ReadonlyMap<string, AdMetricOut>;
	sort: string;
	onSort: (sort: string) => void;
	/** Show the ads that lead to a page. */
	onOpen: (page: string) => void;
};

/** Ads together by the page that they lead to: a row a page. */
export function PageTable({ found, ...rest }: Props) {
	if (found.isPending) return <LoadingRows what="pages" />;
	if (failed(found)) return <ProblemPanel error={found.error} retry={found.refetch} />;
	if (found.data.items.length === 0)
		return (
			<Empty icon={SearchX} title="No page is like that">
				Take a filter away, or try fewer words.
			</Empty>
		);
	return <Table told={found.data} {...rest} />;
}

function Table({ told, metrics, sort, onSort, onOpen }: Omit<Props, "found"> & { told: AdsByPage }) {
	const columns = Object.keys(told.totals.values);
	return (
		<Stack gap="xs">
			<Text size="sm" c="dimmed">
				Each page with all ads that lead there; sums are divided, whatever its address carries behind a “?”.
				In nine of ten cases its return truly lies within what stands behind the ads, drawn towards what{" "}
				{told.shown_in ? "the pages" : "the pages of its currency"} bring.
				{told.total > told.items.length &&
					` The first ${count(told.items.length)} of ${count(told.total)} pages.`}
			</Text>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse */}
			<section className={FRAME} aria-label="Table of pages" tabIndex={0}>
				<table className={classes.table} aria-label="Pages that ads lead to">
					<thead>
						<tr>
							<Head name="name" title="Page" sort={sort} onSort={onSort} about="" rising first />
							<Head name="ads" title="Ads" sort={sort} onSort={onSort} about="Ads that lead there" />
							<th scope="col" data-align="right">
								Return lies within
							</th>
							<MetricHeads {...{ columns, metrics, sort, onSort }} />
						</tr>
					</thead>
					<tbody>
						{told.items.map((row) => (
							<Row key={`${row.page}${row.currency}`} {...{ row, told, columns, metrics, onOpen }} />
						))}
					</tbody>
					<tfoot>
						<tr>
							<th scope="row">{plural(told.total, "page")} together</th>
							<td data-align="right">{count(told.totals.ads)}</td>
							<td />
							<Values of={told.totals} {...{ columns, metrics }} currency={told.totals.currency} />
						</tr>
					</tfoot>
				</table>
			</section>
		</Stack>
	);
}

type RowProps = Pick<Props, "metrics" | "onOpen"> & { row: PageOfAds; told: AdsByPage; columns: string[] };

function Row({ row, told, columns, metrics, onOpen }: RowProps) {
	const several = !told.shown_in && told.totals.currency === null;
	const { page } = row;
	return (
		<tr
			className={classes.row}
			data-thin={page === null || undefined}
			onClick={page === null ? undefined : () => onOpen(page)}
		>
			<td>
				<span className={classes.page}>
					{page === null ? (
						<Text size="sm">{pageName(page)}</Text>
					) : (
						<RowName onClick={() => onOpen(page)}>{pageName(page)}</RowName>
					)}
					{several && (
						<Text size="xs" c="dimmed">
							{row.currency}
						</Text>
					)}
				</span>
			</td>
			<td data-align="right">{count(row.ads)}</td>
			<td data-align="right">{interval(row)}</td>
			<Values of={row} {...{ columns, metrics }} currency={row.currency} />
		</tr>
	);
}

const interval = ({ return_low90: low, return_high90: high }: PageOfAds): string =>
	low === null || high === null ? "–" : `${low.toFixed(2)}–${show(high, "times", null)}`;
