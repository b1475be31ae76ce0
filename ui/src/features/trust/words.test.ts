import { expect, it } from "vitest";
import type { AtLimitOut, LessonDetail, LessonOut, LiveOut, ToneLessonOut } from "@/api/generated/types.gen";
import {
	better,
	changesOf,
	measured,
	nearest,
	saidTones,
	toneChanges,
	toneCheck,
	whatLimitDoes,
	whereTo,
} from "./words";

const at = (limit: number, more: Partial<AtLimitOut> = {}): AtLimitOut => ({
	limit,
	shown: 100,
	kept: 0.94,
	precision: { share: 0.97, low: 0.921, high: 0.988 },
	checked: 42,
	...more,
});

it("says what a limit keeps and how much of it is right", () => {
	expect(whatLimitDoes(at(0.8))).toBe(
		"At 80 % you keep 94 % of what is yours, and about 97 % of what you see is right (90 % sure: 92–99 %; 42 of them judged).",
	);
	expect(whatLimitDoes(at(0.9, { checked: 0 }))).toContain("its own word");
	expect(whatLimitDoes(at(0.98, { shown: 0 }))).toBe("At 98 % nothing of the last 90 days is shown.");
});

it("never promises a hundred per cent of what is not sure", () => {
	expect(whatLimitDoes(at(0.8, { precision: { share: 0.998, low: 0.9, high: 1 } }))).toContain("about 99 %");
});

it("finds the nearest limit that was reckoned", () => {
	expect(nearest([at(0.7), at(0.8), at(0.9)], 0.83)?.limit).toBe(0.8);
	expect(nearest([], 0.5)).toBeUndefined();
});

it("tells what samples have measured", () => {
	const live: LiveOut = {
		right: 37,
		checked: 38,
		unsure: 2,
		precision: { share: 37 / 38, low: 0.88, high: 0.99 },
		least: 0.9012,
		missed: { share: 1 / 6, low: 0.01, high: 0.58 },
		hidden_checked: 6,
	};
	expect(measured(live)).toBe(
		"37 of 38 shown mentions checked were right: 97 %, not below 90 % (90 % sure). Of what is hidden, 17 % of 6 checked was yours (1–58 %). 2 answers “not sure” left out.",
	);
	// Since the limit moved, fourteen that were shown stand for more than six that were hidden.
	const moved = {
		...live,
		right: 14,
		checked: 20,
		precision: { share: 0.9, low: 0.6, high: 0.99 },
		least: 0.68,
	};
	expect(measured({ ...moved, missed: null, unsure: 0 })).toBe(
		"14 of 20 shown mentions checked were right: 90 % when weighed by how many each stands for, not below 68 % (90 % sure).",
	);
	expect(measured({ ...live, checked: 0, hidden_checked: 0 })).toBe(
		"Nothing is measured yet: answer a sample first.",
	);
});

it("tells what a lesson would change, and whether it is any better", () => {
	const lesson = { changes: 12, looked_at: 340, state: "proposed" } as LessonOut;
	expect(changesOf(lesson)).toBe("12 of 340 mentions change");
	expect(changesOf({ ...lesson, changes: 1 })).toBe("1 of 340 mentions changes");
	const moves = { to_accepted: 3, to_doubtful: 0, to_rejected: 9, starred_lost: 2 };
	expect(whereTo({ ...lesson, moves } as LessonDetail)).toBe(
		"3 come in, 9 go out. 2 starred stories of yours would no longer count.",
	);
	const figures = (right: number, wrong: number) => ({ right, wrong, f1: 0, ece: 0 });
	const worse = { ...lesson, before: figures(9, 1), after: figures(8, 2) };
	expect(better(worse)).toContain("Better judge some more first.");
	expect(better({ ...worse, state: "applied" })).not.toContain("Better judge");
	const contradictory = { ...lesson, before: figures(8, 8), after: figures(8, 8) };
	expect(better(contradictory)).toContain("look whether judgements contradict one another");
	expect(better({ ...lesson, before: figures(9, 0), after: figures(9, 0) })).not.toContain("judge some more");
});

it("says of which tones is learned, and what the lesson gets right of what it had not seen", () => {
	expect(saidTones({ said: {}, new: 0 })).toBe("no tone was said yet");
	expect(saidTones({ said: { negative: 14, positive: 8 }, new: 5 })).toBe(
		"22 tones said, 14 negative, 8 positive; 5 new",
	);
	const figures: ToneLessonOut["figures"] = {
		corrected: 14,
		corrected_right: 12,
		confirmed: 8,
		confirmed_right: 8,
		left: 40,
		left_otherwise: 1,
		sampled: 0,
		sampled_before: 0,
		sampled_right: 0,
		gain: 0.21,
	};
	expect(toneCheck({ figures })).toBe(
		"Of 14 texts that you corrected, each set aside in turn, it reads 12 as you said. Of 8 that were read right before, 8 stay right. Of 40 that nobody corrected it reads 1 otherwise. All in all about 21 more of 100 texts are read right.",
	);
	expect(toneCheck({ figures: { ...figures, gain: -0.1 } })).toContain("no more texts are read right");
	expect(toneChanges({ changes: 12, looked_at: 340 })).toBe("12 of 340 mentions read otherwise");
	expect(toneChanges({ changes: 0, looked_at: 0 })).toBe("No mention of the last 30 days to try it on");
});
