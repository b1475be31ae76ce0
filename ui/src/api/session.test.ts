import { expect, test } from "vitest";
import { hasSessionEnded, hearAnswer, hearFailure } from "./session";

test("a session has ended when the server does not know who asks, until it answers again", () => {
	hearFailure({ title: "The disk is full", status: 507, code: "core/storage-full" });
	// Somebody mistypes a password: that is no end of a session.
	hearFailure({ title: "Wrong", status: 401, code: "identity/wrong-credentials" });
	expect(hasSessionEnded()).toBe(false);
	hearFailure({ title: "You are not signed in.", status: 401, code: "identity/not-signed-in" });
	expect(hasSessionEnded()).toBe(true);
	hearAnswer();
	expect(hasSessionEnded()).toBe(false);
});
