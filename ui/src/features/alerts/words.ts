import type { AlertWish } from "@/api/generated/types.gen";
import { TONES } from "@/shared/Tone";

export const KEENNESS = [
	{ value: "calm", label: "Calm", about: "Only what chance does once in 10,000 looks" },
	{ value: "usual", label: "Usual", about: "What chance does once in 1,000 looks" },
	{ value: "keen", label: "Keen", about: "What chance does once in 100 looks" },
] as const;

type Told = Pick<
	AlertWish,
	"kind" | "keenness" | "least_stories" | "hours" | "least_outlets" | "within_hours" | "tones" | "words"
>;

/** The rule as it is, in one line. */
export function wishInWords({
	kind,
	keenness,
	least_stories,
	hours,
	least_outlets = 3,
	within_hours = 24,
	tones,
	words,
}: Told): string {
	const toned = tones?.length ? `${tones.map((tone) => TONES[tone].label.toLowerCase()).join(" or ")} ` : "";
	const worded = words?.length ? ` with ${words.map((word) => `“${word}”`).join(" or ")}` : "";
	if (kind === "story") {
		const outlets = least_outlets === 1 ? "an outlet" : `${least_outlets} outlets`;
		const span = least_outlets === 1 ? "" : ` within ${hoursInWords(within_hours)}`;
		return `One ${toned}story${worded} in ${outlets}${span}`;
	}
	const only = toned || worded ? `, only ${toned}stories${worded}` : "";
	const how =
		keenness === "calm"
			? ", only when it can hardly be chance"
			: keenness === "keen"
				? ", also when it may be chance"
				: "";
	return kind === "spike"
		? `Far more stories than usual, at least ${least_stories ?? 4}${only}${how}`
		: `Hardly a story for ${hoursInWords(hours ?? 48)}${only}${how}`;
}

export function hoursInWords(hours: number): string {
	return hours % 24 === 0 && hours >= 48 ? `${hours / 24} days` : hours === 1 ? "an hour" : `${hours} hours`;
}
