import { Text } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useEffect, useRef } from "react";
import type { AdMetricOut, AdOut, AdPage } from "@/api/generated/types.gen";
import { RowName } from "@/shared/DataTable";
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

const HEIGHT = 58;

/** Only the rows in sight are drawn, however many there are; the head and the sum of all stay. */
export function AdTable({ rows, page, columns, metrics, sort, onSort, open, onOpen, onEnd }: Props) {
	const frame = useRef<HTMLElement>(null);
	const virtual = useVirtualizer({
		count: rows.length,
		getScrollElement: () => frame.current,
		estimateSize: () => HEIGHT,
		overscan: 10,
		getItemKey: (index) => rows[index]?.id ?? index,
	});
	const drawn = virtual.getVirtualItems();
	const first = drawn[0]?.start ?? 0;
	const rest = virtual.getTotalSize() - (drawn.at(-1)?.end ?? 0);
	const last = drawn.at(-1)?.index ?? 0;
	// biome-ignore lint/correctness/useExhaustiveDependencies: asked when the end comes near
	useEffect(() => {
		if (rows.length < page.total && last >= rows.length - 20) onEnd();
	}, [last, rows.length, page.total]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: runs when another one is opened
	useEffect(() => {
		const at = rows.findIndex(({ id }) => id === open);
		if (at >= 0) virtual.scrollToIndex(at);
	}, [open]);
	const spare = columns.length + 2;
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse
		<section ref={frame} className={classes.frame} aria-label="Table of ads" tabIndex={0}>
			<table className={classes.table} aria-label="Ads" aria-rowcount={page.total + 2}>
				<thead>
					<tr>
						<Head name="name" title="Ad" sort={sort} onSort={onSort} about="" first />
						<th scope="col">What is said</th>
						{columns.map((name) => {
							const metric = metrics.get(name);
							return (
								<Head
									key={name}
									name={name}
									title={metric?.title ?? name}
									about={metric ? [metric.about, metric.formula].filter(Boolean).join("\n") : ""}
									sort={sort}
									onSort={onSort}
								/>
							);
						})}
					</tr>
				</thead>
				<tbody>
					{first > 0 && (
						<tr aria-hidden style={{ height: first }}>
							<td colSpan={spare} />
						</tr>
					)}
					{drawn.map(({ index, key }) => {
						const ad = rows[index];
						return (
							ad && (
								<tr
									key={key}
									aria-rowindex={index + 2}
									className={classes.row}
									data-row={ad.id}
									data-open={ad.id === open || undefined}
									data-thin={ad.health === "insufficient" || undefined}
									onClick={() => onOpen(ad.id)}
								>
									<td>
										<span className={classes.name}>
											<AdPicture asset={ad.picture} />
											<span className={classes.words}>
												<RowName onClick={() => onOpen(ad.id)}>{ad.name}</RowName>
												<Text size="xs" c="dimmed" truncate>
													{[ad.campaign ?? ad.account, ad.status?.toLowerCase().replaceAll("_", " ")]
														.filter(Boolean)
														.join(" · ")}
												</Text>
											</span>
										</span>
									</td>
									<td className={classes.said}>
										<Health ad={ad} most={1} />
									</td>
									{columns.map((name) => (
										<td key={name} data-align="right">
											{show(ad.values[name], metrics.get(name)?.shown ?? "number", ad.currency)}
										</td>
									))}
								</tr>
							)
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
						{columns.map((name) => (
							<td key={name} data-align="right">
								{show(page.totals.values[name], metrics.get(name)?.shown ?? "number", page.totals.currency)}
							</td>
						))}
					</tr>
				</tfoot>
			</table>
		</section>
	);
}

type HeadProps = {
	name: string;
	title: string;
	about: string;
	sort: string;
	onSort: (sort: string) => void;
	first?: true;
};

function Head({ name, title, about, sort, onSort, first }: HeadProps) {
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
				onClick={() => onSort(first ? (up ? `-${name}` : name) : down ? name : `-${name}`)}
			>
				{title}
				{down && <ArrowDown size={12} aria-hidden />}
				{up && <ArrowUp size={12} aria-hidden />}
			</button>
		</th>
	);
}
