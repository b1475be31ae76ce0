import type {
	AtLimitOut,
	LessonDetail,
	LessonOut,
	LiveOut,
	PromiseOut,
	RangeOut,
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
			`${right} of ${plural(checked, "shown mention")} checked ${right === 1 ? "was" : "were"} right: ${percent(precision.share)}, not below ${Math.floor(least * 100)} % (90 % sure).`,
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
	return state === "proposed" && after.right < before.right ? `${said} Better judge some more first.` : said;
}
