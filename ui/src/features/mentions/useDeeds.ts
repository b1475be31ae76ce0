import { useRef } from "react";
import { TONES } from "@/shared/Tone";
import { offerUndo, say } from "@/shared/undo";
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

/** `deed` is the name under which the server has it on file; marks and judgements of one story have none. */
type TakeBack = { done: string; back: () => void; close: () => void; deed: string | undefined };

/** Doing and taking back, as many steps as were made; a failure is said by whatever failed. */
export function useDeeds() {
	const { mutateAsync: does } = useDeed();
	const { mutateAsync: doesByHand, isPending: busy } = useHand();
	const { mutateAsync: takesBack } = useUndoDeed();
	const past = useRef<TakeBack[]>([]);
	const atWork = useRef(false);

	const undo = () => {
		const last = past.current.pop();
		if (!last) return;
		// The offer to take back what is taken back would be no offer.
		last.close();
		last.back();
		say(`Taken back: “${last.done}”`);
	};
	const forget = (one: TakeBack) => {
		const at = past.current.indexOf(one);
		if (at !== -1) past.current.splice(at, 1);
		return at !== -1;
	};
	const remember = (done: string, back: () => void, deed?: string) => {
		const one: TakeBack = { done, back, close: () => {}, deed };
		past.current.push(one);
		one.close = offerUndo(done, () => forget(one) && back());
		return one;
	};
	const act = (deed: Deed) => {
		const done = does(deed);
		const back = () => void done.then(() => does(opposite(deed))).catch(said);
		const one = remember(words(deed), back);
		// What was refused is as it was: there is nothing to take back.
		done.catch(() => {
			forget(one);
			one.close();
		});
	};
	const hand = (work: HandWork, then?: () => void) => {
		// One at a time: a key pressed twice is meant once.
		if (atWork.current) return;
		atWork.current = true;
		doesByHand(work)
			.then((deed) => {
				then?.();
				remember(deedInWords(deed), () => void takesBack(deed.id).catch(said), deed.id);
			})
			.catch(said)
			.finally(() => {
				atWork.current = false;
			});
	};
	/** It is taken back where it is listed: neither the message nor the key offers that any more. */
	const takenBack = (deed: string) => {
		const one = past.current.find((one) => one.deed === deed);
		if (one && forget(one)) one.close();
	};
	return { act, hand, undo, takenBack, busy };
}

/** The mutation has told it already. */
const said = () => {};
