import type {
	AtLimitOut,
	LessonDetail,
	LessonOut,
	LiveOut,
	PromiseOut,
	RangeOut,
	ToneLessonOut,
	ToneLessonsOut,
} from "@/api/generated/types.gen";
import { percent, plural } from "@/shared/numbers";

/** "92–99 %" */
function between({ low, high }: Pick<RangeOut, "low" | "high">): string {
	return `${Math.floor(low * 100)}–${Math.ceil(high * 100)} %`;
}

/** Never "100 %" of what is not sure. */
function about(share: number): string {
	return share < 1 && share >= 0.995 ? "99 %" : percent(share);
}

/** What a limit does, in one sentence. */
export function whatLimitDoes({ limit, shown, kept, precision, checked }: AtLimitOut): string {
	if (shown === 0) return `At ${percent(limit)} nothing of the last 90 days is shown.`;
	const range = `90 % sure: ${between(precision)}`;
	const known =
		checked === 0 ? "nobody has judged any of them, so this is its own word" : `${checked} of them judged`;
	return `At ${percent(limit)} you keep ${about(kept)} of what is yours, and about ${about(precision.share)} of what you see is right (${range}; ${known}).`;
}

/** The nearest limit that was reckoned. */
export function nearest(curve: AtLimitOut[], limit: number): AtLimitOut | undefined {
	return curve.reduce<AtLimitOut | undefined>(
		(best, one) => (!best || Math.abs(one.limit - limit) < Math.abs(best.limit - limit) ? one : best),
		undefined,
	);
}

export const PROOFS: Record<PromiseOut["proof"], { label: string; color: string }> = {
	proven: { label: "Proven", color: "green" },
	expected: { label: "Not proven yet", color: "yellow" },
	out_of_reach: { label: "Out of reach", color: "red" },
};

/** Why a share is not what was counted: since the limit moved, some stand for more mentions than others. */
const as = (share: number, counted: number) =>
	Math.abs(share - counted) < 0.005 ? "" : " when weighed by how many each stands for";

/** What samples have measured, in one sentence. */
export function measured({
	right,
	checked,
	unsure,
	precision,
	least,
	missed,
	hidden_checked,
}: LiveOut): string {
	if (checked === 0 && hidden_checked === 0) return "Nothing is measured yet: answer a sample first.";
	const said = [
		checked > 0 &&
			`${right} of ${plural(checked, "shown mention")} checked ${right === 1 ? "was" : "were"} right: ${percent(precision.share)}${as(precision.share, right / checked)}, not below ${Math.floor(least * 100)} % (90 % sure).`,
		missed &&
			`Of what is hidden, ${percent(missed.share)} ${hidden_checked > 1 ? `of ${hidden_checked} checked ` : ""}was yours (${between(missed)}).`,
		unsure > 0 && `${plural(unsure, "answer")} “not sure” left out.`,
	];
	return said.filter(Boolean).join(" ");
}

/** "12 of 340 mentions change" */
export const changesOf = ({ changes, looked_at }: LessonOut): string =>
	`${changes.toLocaleString("en")} of ${plural(looked_at, "mention")} ${changes === 1 ? "changes" : "change"}`;

/** Where they go, in one sentence. */
export function whereTo({
	moves: { to_accepted, to_doubtful, to_rejected, starred_lost },
}: LessonDetail): string {
	const parts = [
		to_accepted > 0 && `${to_accepted} come in`,
		to_doubtful > 0 && `${to_doubtful} are put to you`,
		to_rejected > 0 && `${to_rejected} go out`,
	].filter((part) => part !== false);
	const starred =
		starred_lost > 0
			? ` ${plural(starred_lost, "starred story", "starred stories")} of yours would no longer count.`
			: "";
	return parts.length > 0 ? `${parts.join(", ")}.${starred}` : "Nothing moves; only certainty changes.";
}

/** How much righter it got on judged mentions that it had not seen. */
export function better({ before, after, state }: LessonOut): string {
	const all = before.right + before.wrong;
	const said = `Of ${all} judged mentions, each set aside in turn, it gets ${after.right} right; without it ${before.right}.`;
	if (state !== "proposed" || after.right > before.right || after.wrong === 0) return said;
	if (after.right < before.right) return `${said} Better judge some more first.`;
	return `${said} That is no more: better judge some more first, and look whether judgements contradict one another.`;
}

/** "40 said: 22 negative, 18 positive; 12 new" */
export function saidTones({ said, new: fresh }: Pick<ToneLessonsOut, "said" | "new">): string {
	const tones = Object.entries(said).filter(([, number]) => number > 0);
	const total = tones.reduce((sum, [, number]) => sum + number, 0);
	if (total === 0) return "no tone was said yet";
	const each = tones.map(([tone, number]) => `${number} ${tone}`).join(", ");
	return `${plural(total, "tone")} said, ${each}${fresh > 0 ? `; ${fresh} new` : ""}`;
}

/** "12 of 340 mentions would be read otherwise" */
export const toneChanges = ({ changes, looked_at }: Pick<ToneLessonOut, "changes" | "looked_at">): string =>
	looked_at === 0
		? "No mention of the last 30 days to try it on"
		: `${changes.toLocaleString("en")} of ${plural(looked_at, "mention")} read otherwise`;

/** What it gets right of texts that it had not seen, in words. */
export function toneCheck({ figures }: Pick<ToneLessonOut, "figures">): string {
	const { corrected, corrected_right, confirmed, confirmed_right, left, left_otherwise } = figures;
	const { sampled, sampled_before, sampled_right, gain } = figures;
	const said = [
		corrected > 0 &&
			`Of ${plural(corrected, "text")} that you corrected, each set aside in turn, it reads ${corrected_right} as you said.`,
		confirmed > 0 && `Of ${confirmed} that were read right before, ${confirmed_right} stay right.`,
		left > 0 && `Of ${left} that nobody corrected it reads ${left_otherwise} otherwise.`,
		sampled > 0 &&
			`Of ${sampled} in your weekly samples it gets ${sampled_right} right; without it ${sampled_before}.`,
		gain > 0
			? `All in all about ${Math.max(1, Math.round(gain * 100))} more of 100 texts are read right.`
			: "All in all no more texts are read right.",
	];
	return said.filter(Boolean).join(" ");
}
