import { useMemo, useState } from "react";
import { say } from "@/shared/undo";

export type Selection = {
	ids: ReadonlySet<string>;
	/** All that match the filters, also what was not loaded yet. */
	all: boolean;
	/** Chooses a story or not. Where all that match are chosen, none is afterwards. */
	toggle: (id: string) => void;
	/** From the story chosen last to this one. */
	upTo: (id: string) => void;
	chooseAll: () => void;
	clear: () => void;
};

/** Which stories are chosen. Another list, and nothing is; nor is what has left the list: what one does not see should not be done to. */
export function useSelection(list: string, shown: readonly string[]): Selection {
	const [state, setState] = useState<{ list: string; ids: ReadonlySet<string>; all: boolean; last?: string }>(
		{
			list,
			ids: new Set(),
			all: false,
		},
	);
	const current = state.list === list ? state : { list, ids: new Set<string>(), all: false };
	const ids = useMemo(
		() => (current.all ? current.ids : new Set(shown.filter((id) => current.ids.has(id)))),
		[current.all, current.ids, shown],
	);
	const put = (ids: Iterable<string>, last?: string) =>
		setState({ list, ids: new Set(ids), all: false, ...(last && { last }) });
	/** All but one cannot be chosen, and those that happen to be loaded are not what was meant. */
	const none = () => {
		put([]);
		say("All that match were chosen; now none is");
	};
	return {
		ids,
		all: current.all,
		toggle: (id) => {
			if (current.all) return none();
			// What is open may be none of what is listed.
			if (!shown.includes(id)) return say("It is not in this list");
			put(ids.has(id) ? [...ids].filter((one) => one !== id) : [...ids, id], id);
		},
		upTo: (id) => {
			if (current.all) return none();
			const from = shown.indexOf(("last" in current && current.last) || id);
			const to = shown.indexOf(id);
			if (to === -1) return;
			const range = shown.slice(Math.min(from === -1 ? to : from, to), Math.max(from, to) + 1);
			put([...ids, ...range], id);
		},
		chooseAll: () => setState({ list, ids: new Set(shown), all: true }),
		clear: () => put([]),
	};
}
