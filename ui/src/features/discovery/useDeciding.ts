import { useRef } from "react";
import type { Promotion } from "@/api/generated/types.gen";
import { offerUndo, say } from "@/shared/undo";
import { useAddAsAlias, useIgnore, usePromote, useTakeBack } from "./queries";

type Named = { id: string; name: string };

/** Deciding on names, and taking back what can be taken back, as many steps as were made. */
export function useDeciding(onDecided: (id: string) => void) {
	const promote = usePromote();
	const alias = useAddAsAlias();
	const ignore = useIgnore();
	const takeBack = useTakeBack();
	const past = useRef<{ candidate: Named; close: () => void }[]>([]);
	const atWork = useRef(false);
	/** One at a time: a key pressed twice is meant once. */
	const alone = (decide: () => Promise<unknown>, then: () => void) => {
		if (atWork.current) return;
		atWork.current = true;
		decide()
			.then(then)
			.catch(said)
			.finally(() => {
				atWork.current = false;
			});
	};
	const back = (candidate: Named) => {
		// Wherever it is taken back: neither the message nor the key offers that any more.
		for (const one of past.current) if (one.candidate.id === candidate.id) one.close();
		past.current = past.current.filter((one) => one.candidate.id !== candidate.id);
		takeBack
			.mutateAsync({ path: { candidate_id: candidate.id } })
			.then(() => say(`${candidate.name} is to be decided on again`))
			.catch(said);
	};
	const decided = (candidate: Named, words: string) => {
		const undo = () => past.current.some((one) => one.candidate === candidate) && back(candidate);
		past.current.push({ candidate, close: offerUndo(words, undo) });
		onDecided(candidate.id);
	};
	return {
		busy: promote.isPending || alias.isPending || ignore.isPending || takeBack.isPending,
		back,
		undo: () => {
			const last = past.current.at(-1);
			if (last) back(last.candidate);
		},
		ignore: (candidate: Named) =>
			alone(
				() => ignore.mutateAsync({ path: { candidate_id: candidate.id } }),
				() => decided(candidate, `${candidate.name} is not proposed again`),
			),
		addAsAlias: (candidate: Named, brand: Named) =>
			alone(
				() => alias.mutateAsync({ path: { candidate_id: candidate.id }, body: { brand_id: brand.id } }),
				() => decided(candidate, `${candidate.name} is a name of ${brand.name} now`),
			),
		promote: (candidate: Named, kind: NonNullable<Promotion["kind"]>) =>
			alone(
				() => promote.mutateAsync({ path: { candidate_id: candidate.id }, body: { kind } }),
				() => decided(candidate, `${candidate.name} is watched from now on`),
			),
	};
}

/** The mutation has told it already. */
const said = () => {};
