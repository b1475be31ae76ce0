import { expect, test } from "vitest";
import { hoursInWords, wishInWords } from "./words";

test("an alert is told in one line, with all that narrows it", () => {
	expect(
		wishInWords({ kind: "spike", keenness: "usual", least_stories: 4, hours: 48, tones: [], words: [] }),
	).toBe("Far more stories than usual, at least 4");
	expect(
		wishInWords({
			kind: "silence",
			keenness: "calm",
			least_stories: 4,
			hours: 72,
			tones: ["negative", "mixed"],
			words: ["recall"],
		}),
	).toBe(
		"Hardly a story for 3 days, only negative or mixed stories with “recall”, only when it can hardly be chance",
	);
});

test("a story that spreads is told with its outlets and its span", () => {
	const wish = { kind: "story", least_outlets: 3, within_hours: 24, tones: ["negative"], words: [] } as const;
	expect(wishInWords({ ...wish, tones: [...wish.tones], words: [] })).toBe(
		"One negative story in 3 outlets within 24 hours",
	);
	expect(wishInWords({ ...wish, least_outlets: 1, tones: [], words: ["recall"] })).toBe(
		"One story with “recall” in an outlet",
	);
});

test("hours are told in days once there are two", () => {
	expect([1, 24, 30, 48].map(hoursInWords)).toEqual(["an hour", "24 hours", "30 hours", "2 days"]);
});
