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
	const past = useRef<Named[]>([]);
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
		past.current = past.current.filter(({ id }) => id !== candidate.id);
		takeBack
			.mutateAsync({ path: { candidate_id: candidate.id } })
			.then(() => say(`${candidate.name} is to be decided on again`))
			.catch(said);
	};
	const decided = (candidate: Named, words: string) => {
		past.current.push(candidate);
		onDecided(candidate.id);
		offerUndo(words, () => past.current.includes(candidate) && back(candidate));
	};
	return {
		busy: promote.isPending || alias.isPending || ignore.isPending || takeBack.isPending,
		back,
		undo: () => {
			const last = past.current.at(-1);
			if (last) back(last);
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
