import { useRef } from "react";
import { sentence } from "@/api/problems";
import { TONES } from "@/shared/Tone";
import { complain, offerUndo } from "@/shared/undo";
import { deedInWords, type HandWork, useHand, useUndoDeed } from "./deeds";
import { type Deed, opposite, useDeed } from "./queries";

const WORDS: Record<string, string> = {
	"judge-yes": "Kept: it is the brand",
	"judge-no": "Rejected: it is not the brand",
	"judge-": "Judgement taken back",
	"star-true": "Starred",
	"star-false": "Star taken off",
	"archive-true": "Archived",
	"archive-false": "Back in the inbox",
};

function words(deed: Deed): string {
	if (deed.kind === "tone") {
		const said = deed.tones[0]?.tone;
		const which = deed.tones.length > 1 ? ` of ${deed.tones.length} mentions` : "";
		return said ? `Tone${which}: ${TONES[said].label.toLowerCase()}` : `Tone${which} is again as it was read`;
	}
	return WORDS[deed.kind === "judge" ? `judge-${deed.verdict ?? ""}` : `${deed.kind}-${deed.on}`] ?? "Done";
}

type TakeBack = () => void;

/** Doing and taking back, as many steps as were made. */
export function useDeeds() {
	const { mutate } = useDeed();
	const { mutate: doByHand } = useHand();
	const { mutate: takeBack } = useUndoDeed();
	const past = useRef<TakeBack[]>([]);
	const onError = (error: Error) => complain(sentence(error));

	const undo = () => past.current.pop()?.();
	const remember = (done: string, back: TakeBack) => {
		past.current.push(back);
		offerUndo(done, () => {
			const at = past.current.indexOf(back);
			if (at === -1) return;
			past.current.splice(at, 1);
			back();
		});
	};
	const act = (deed: Deed) => {
		mutate(deed, { onError });
		remember(words(deed), () => mutate(opposite(deed), { onError }));
	};
	const hand = (work: HandWork, then?: () => void) =>
		doByHand(work, {
			onError,
			onSuccess: (deed) => {
				then?.();
				remember(deedInWords(deed), () => takeBack(deed.id, { onError }));
			},
		});
	return { act, hand, undo };
}
