import { expect, it } from "vitest";
import { duration } from "./time";

it.each([
	[0.25, "250 ms"],
	[1, "1.0 s"],
	[9.97, "10 s"],
	[59.7, "1 min"],
	[75, "1 min 15 s"],
	[600, "10 min"],
	[119.9, "2 min"],
	[3600, "1 h"],
	[5400, "1 h 30 min"],
	[86_400, "24 h"],
	[604_800, "7 days"],
	[190_800, "2 days 5 h"],
])("%d seconds are told as %s", (seconds, words) => expect(duration(seconds)).toBe(words));
