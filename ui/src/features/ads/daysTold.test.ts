import { expect, test } from "vitest";
import { daysTold } from "./daysTold";

const page = { window_days: 28, until: "2026-11-20", until_first: "2026-11-20", shown_in: null };

test("accounts whose days end apart are not told as if all ended on one day", () => {
	expect(daysTold(page)).toBe("28 days up to 20 Nov, days and currency of each account");
	expect(daysTold({ ...page, until_first: "2026-11-19" })).toContain("28 days up to 20 Nov");
	expect(daysTold({ ...page, until_first: "2026-03-15" })).toBe(
		"28 days of each account up to its own last one, 15 Mar to 20 Nov",
	);
	expect(daysTold(undefined)).toContain("What ads cost");
});
