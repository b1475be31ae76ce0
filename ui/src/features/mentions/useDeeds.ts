import { useRef } from "react";
import { sentence } from "@/api/problems";
import { TONES } from "@/shared/Tone";
import { complain, offerUndo } from "@/shared/undo";
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

/** Doing and taking back, as many steps as were made. */
export function useDeeds() {
	const { mutate } = useDeed();
	const past = useRef<Deed[]>([]);
	const send = (deed: Deed, then?: () => void) =>
		mutate(deed, { onSuccess: then, onError: (error) => complain(sentence(error)) });

	const undo = () => {
		const deed = past.current.pop();
		if (deed) send(opposite(deed));
	};
	const act = (deed: Deed) => {
		past.current.push(deed);
		send(deed);
		offerUndo(words(deed), () => {
			const at = past.current.indexOf(deed);
			if (at === -1) return;
			past.current.splice(at, 1);
			send(opposite(deed));
		});
	};
	return { act, undo };
}
