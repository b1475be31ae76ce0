import { expect, test } from "vitest";
import { sinceOf } from "./TakeAlong";

test("days are counted back from today, where the account is", () => {
	const now = new Date("2026-11-26T20:00:00Z");
	expect(sinceOf("28", "Europe/Berlin", now)).toBe("2026-10-30");
	expect(sinceOf("28", "Asia/Tokyo", now)).toBe("2026-10-31");
	expect(sinceOf("all", "Asia/Tokyo", now)).toBe("2000-01-01");
});
