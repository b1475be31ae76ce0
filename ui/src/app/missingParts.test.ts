import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isMissingPart, loadAnewWhenThere, nameMissingParts } from "./missingParts";

beforeEach(() => {
	vi.useFakeTimers();
	sessionStorage.clear();
});
afterEach(() => vi.useRealTimers());

function serverThat(...answers: (boolean | "away")[]) {
	vi.stubGlobal("fetch", () => {
		const answer = answers.shift() ?? true;
		return answer === "away"
			? Promise.reject(new TypeError("Failed to fetch"))
			: Promise.resolve({ ok: answer });
	});
}

test("a file that is missing is an error that neither Vite nor the router answers by loading the page", () => {
	nameMissingParts();
	const error = new TypeError("Failed to fetch dynamically imported module: /assets/x.js");
	window.dispatchEvent(
		Object.assign(new Event("vite:preloadError", { cancelable: true }), { payload: error }),
	);
	expect(isMissingPart(error)).toBe(true);
	expect(error.message).not.toMatch(/dynamically imported/);
});

test("the page is loaded anew when the server is there again, and not before", async () => {
	serverThat("away", false, true);
	const reload = vi.fn();
	loadAnewWhenThere(reload);
	await vi.advanceTimersByTimeAsync(2_100);
	expect(reload).not.toHaveBeenCalled();
	await vi.advanceTimersByTimeAsync(2_100);
	expect(reload).toHaveBeenCalledTimes(1);
});

test("a page for which that does not help is not loaded over and over", async () => {
	serverThat();
	const reload = vi.fn();
	loadAnewWhenThere(reload);
	await vi.advanceTimersByTimeAsync(100);
	loadAnewWhenThere(reload);
	await vi.advanceTimersByTimeAsync(5_000);
	expect(reload).toHaveBeenCalledTimes(1);
});

test("who goes on to another page is left there", async () => {
	serverThat("away");
	const reload = vi.fn();
	loadAnewWhenThere(reload)();
	await vi.advanceTimersByTimeAsync(10_000);
	expect(reload).not.toHaveBeenCalled();
});
