import { expect, it } from "vitest";
import { faultOf } from "./faults";

const problem = {
	type: "/errors/reports/template-unknown-variable",
	title: "There is no such variable.",
	status: 422,
};

it("says where a template is wrong: the block, the line of a longer text, and what stands there", () => {
	const first = { ...problem, code: "reports/template-unknown-variable", block: 1, line: 1, found: "brnd" };
	expect(faultOf(first)).toBe("There is no such variable. Block 2, at “brnd”.");
	expect(faultOf({ ...first, line: 3, nearest: "brand" })).toBe(
		"There is no such variable. Block 2, line 3, at “brnd”. Is “brand” meant?",
	);
});
