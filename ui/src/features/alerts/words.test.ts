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
		"Hardly a story for 3 days, only stories negative or mixed with “recall”, only when it can hardly be chance",
	);
});

test("hours are told in days once there are two", () => {
	expect([1, 24, 30, 48].map(hoursInWords)).toEqual(["an hour", "24 hours", "30 hours", "2 days"]);
});
