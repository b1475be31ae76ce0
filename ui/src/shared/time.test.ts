import { expect, it } from "vitest";
import { duration, momentIn } from "./time";

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

it.each([
	["2021-10-31T23:30:00Z", "Europe/Berlin", "1 Nov 2021, 00:30"],
	["2021-10-31T00:30:00Z", "Europe/Berlin", "31 Oct 2021, 02:30"],
	["2021-10-31T01:30:00Z", "Europe/Berlin", "31 Oct 2021, 02:30"],
	["2021-03-01T03:05:00Z", "America/New_York", "28 Feb 2021, 22:05"],
])("%s is told by the clocks of %s as %s", (at, zone, words) => expect(momentIn(at, zone)).toBe(words));
