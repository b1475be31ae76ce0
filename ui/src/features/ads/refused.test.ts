import { expect, test } from "vitest";
import { refused } from "./refused";

const problem = { title: "Meta does not let this token in.", status: 409, code: "ads/access-refused" };

test("why a token is not taken is said in words, not by a code", () => {
	expect(refused({ ...problem, reason: "expired" })).toBe(
		"Meta does not let this token in. It has expired: make a new one.",
	);
	expect(refused({ title: "Too many tries.", status: 429 })).toBe("Too many tries.");
});
