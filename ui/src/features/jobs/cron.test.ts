import { expect, test } from "vitest";
import { inWords } from "./cron";

test.each([
	["* * * * *", "Every minute"],
	["*/5 * * * *", "Every 5 minutes"],
	["7 * * * *", "Every hour at :07"],
	["0 */4 * * *", "Every 4 hours"],
	["30 9 * * *", "Every day at 9:30"],
	["0 8 * * 1-5", "Every weekday at 8:00"],
	["15 18 * * 7", "Every Sunday at 18:15"],
	["0 8 15 * *", "On day 15 of the month at 8:00"],
	["0 8 * 1,7 *", "0 8 * 1,7 *"],
	["0 0 8 * * 1", "0 0 8 * * 1"],
	["nonsense", "nonsense"],
])("%s is %s", (cron, words) => expect(inWords(cron)).toBe(words));
