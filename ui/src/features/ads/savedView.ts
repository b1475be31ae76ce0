import type { AdsSearch } from "./adSearch";

/** What a view keeps of an address: everything but the ad and the panel that are open. */
export function queryOf({ ad: _, panel: _panel, ...query }: AdsSearch): Record<string, string> {
	return Object.fromEntries(Object.entries(query).filter(([, value]) => value)) as Record<string, string>;
}

/** Whether a view is what is looked at. */
export function isShown(query: Record<string, string>, search: AdsSearch): boolean {
	const shown = queryOf(search);
	const names = Object.keys(shown);
	return names.length === Object.keys(query).length && names.every((name) => shown[name] === query[name]);
}
