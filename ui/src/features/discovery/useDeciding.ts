import { useRef } from "react";
import type { Promotion } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { complain, offerUndo, say } from "@/shared/undo";
import { useAddAsAlias, useIgnore, usePromote, useTakeBack } from "./queries";

type Named = { id: string; name: string };

/** Deciding on names, and taking back what can be taken back, as many steps as were made. */
export function useDeciding(onDecided: (id: string) => void) {
	const promote = usePromote();
	const alias = useAddAsAlias();
	const ignore = useIgnore();
	const takeBack = useTakeBack();
	const past = useRef<Named[]>([]);
	const onError = (error: unknown) => complain(sentence(error));
	const back = (candidate: Named) => {
		past.current = past.current.filter(({ id }) => id !== candidate.id);
		takeBack.mutate(
			{ path: { candidate_id: candidate.id } },
			{ onError, onSuccess: () => say(`${candidate.name} is to be decided on again`) },
		);
	};
	const decided = (candidate: Named, words: string) => {
		past.current.push(candidate);
		onDecided(candidate.id);
		offerUndo(words, () => back(candidate));
	};
	return {
		busy: promote.isPending || alias.isPending || ignore.isPending || takeBack.isPending,
		back,
		undo: () => {
			const last = past.current.at(-1);
			if (last) back(last);
		},
		ignore: (candidate: Named) =>
			ignore.mutate(
				{ path: { candidate_id: candidate.id } },
				{ onError, onSuccess: () => decided(candidate, `${candidate.name} is not proposed again`) },
			),
		addAsAlias: (candidate: Named, brand: Named) =>
			alias.mutate(
				{ path: { candidate_id: candidate.id }, body: { brand_id: brand.id } },
				{ onError, onSuccess: () => decided(candidate, `${candidate.name} is a name of ${brand.name} now`) },
			),
		promote: (candidate: Named, kind: NonNullable<Promotion["kind"]>) =>
			promote.mutate(
				{ path: { candidate_id: candidate.id }, body: { kind } },
				{
					onError,
					onSuccess: () => {
						onDecided(candidate.id);
						say(`${candidate.name} is watched from now on`);
					},
				},
			),
	};
}
