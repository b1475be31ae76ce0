import { expect, test } from "vitest";
import { failed, fieldErrors, isProblem, onItsWay, sentence } from "./problems";

const refused = { type: "/errors/x", title: "That address could not be fetched.", status: 422, code: "x" };

test.each([
	["a problem speaks for itself", refused, "That address could not be fetched."],
	[
		"with its reason, if it gives one",
		{ ...refused, reason: "No such host." },
		"That address could not be fetched. No such host.",
	],
	[
		"with what is wrong as a whole, if that is at no field",
		{ ...refused, errors: [{ loc: [], msg: "A zero character cannot be stored" }] },
		"That address could not be fetched. A zero character cannot be stored",
	],
	["a broken line is named as such", new TypeError("Failed to fetch"), "The server cannot be reached."],
	["anything else is the server's fault", "Internal Server Error", "Something went wrong on the server."],
])("%s", (_, error, expected) => expect(sentence(error)).toBe(expected));

test("only problem documents are problems", () => {
	expect(isProblem(refused)).toBe(true);
	expect(isProblem(new TypeError("x"))).toBe(false);
	expect(isProblem(null)).toBe(false);
});

test("what is said as a sentence alone belongs to no field", () => {
	expect(fieldErrors({ ...refused, errors: ["seconds: Field required"] })).toEqual({});
	const errors = [{ loc: ["parameters", "seconds"], msg: "Field required" }];
	expect(fieldErrors({ ...refused, errors })).toEqual({ "parameters.seconds": "Field required" });
});

test("what the server says of a field goes to that field, however deep", () => {
	const errors = [
		{ loc: ["body", "name"], msg: "Too long" },
		{ loc: ["body", "names", 0, "text"], msg: "Value error, Empty" },
	];
	expect(fieldErrors({ ...refused, errors })).toEqual({ name: "Too long", "names.0.text": "Empty" });
	expect(fieldErrors(new TypeError("x"))).toEqual({});
});

test("what is on the screen stays while only asking for it anew does not work", () => {
	const asked = (error: unknown, data?: unknown) => ({ isError: error !== undefined, data, error });
	const away = new TypeError("Failed to fetch");
	expect(failed(asked(undefined, []))).toBe(false);
	expect(failed(asked(away))).toBe(true);
	expect(failed(asked(away, []))).toBe(false);
	expect(failed(asked({ ...refused, status: 503 }, []))).toBe(false);
	expect(failed(asked({ ...refused, status: 401 }, []))).toBe(false);
	const elsewhere = { ...refused, status: 409, code: "tenancy/organization-left" };
	expect(failed(asked(elsewhere, []))).toBe(false);
	expect(failed(asked(elsewhere))).toBe(true);
	// It was removed: that has to be said.
	expect(failed(asked({ ...refused, status: 404 }, []))).toBe(true);
});

test("what stands above a form is awaited the first time alone: what is being typed is not taken away", () => {
	const asked = { isLoading: true, failureCount: 0, errorUpdateCount: 0 };
	expect(onItsWay(asked)).toBe(true);
	expect(onItsWay({ ...asked, isLoading: false })).toBe(false);
	expect(onItsWay({ ...asked, failureCount: 1 })).toBe(false);
	// Asked for again after it had failed for good, as when somebody comes back to the window.
	expect(onItsWay({ ...asked, errorUpdateCount: 1 })).toBe(false);
});
