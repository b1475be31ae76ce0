import type { AdMetricOut } from "@/api/generated/types.gen";
import { PRESETS } from "./adNumbers";
import type { AdsSearch } from "./adSearch";

/** Orders that go by no column. */
const ORDERS = new Set(["name", "ads"]);

/** Whether an address names columns that only the list of metrics knows. */
export const namesColumns = ({ columns, sort }: AdsSearch) => Boolean(columns || sort);

/**
 * The same search without columns that are no longer there, and their names: a saved view or an address still names a metric
 * that somebody has removed, and the list would be refused for it.
 */
export function withoutLost(
	search: AdsSearch,
	metrics: readonly Pick<AdMetricOut, "name">[] | undefined,
): { search: AdsSearch; lost: string[] } {
	if (!metrics || !namesColumns(search)) return { search, lost: [] };
	const known = new Set(metrics.map(({ name }) => name));
	const { columns, sort } = search;
	const isPreset = columns?.startsWith("preset:");
	const names = isPreset ? [] : (columns ?? "").split(",").filter(Boolean);
	const there = names.filter((name) => known.has(name.trim()));
	const by = sort?.replace(/^-/, "");
	const lost = [...new Set([...names, ...(by && !ORDERS.has(by) ? [by] : [])])].filter(
		(name) => !known.has(name.trim()),
	);
	if (isPreset && !PRESETS.some(({ value }) => value === columns))
		return { search: { ...search, columns: undefined }, lost: [...lost, columns ?? ""] };
	if (lost.length === 0) return { search, lost };
	return {
		search: {
			...search,
			columns: isPreset ? columns : there.join(",") || undefined,
			sort: by && lost.includes(by) ? undefined : sort,
		},
		lost,
	};
}
