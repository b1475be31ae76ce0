import { expect, test } from "vitest";
import { fieldsOf } from "./parameters";

test("each parameter of a job becomes a field that fits it", () => {
	const fields = fieldsOf({
		$defs: { Mode: { type: "string", enum: ["fast", "deep"] } },
		required: ["feed_id"],
		properties: {
			feed_id: { type: "string", format: "uuid", title: "Feed Id" },
			days: { anyOf: [{ type: "integer" }, { type: "null" }], default: 30 },
			loud: { type: "boolean", default: false },
			mode: { $ref: "#/$defs/Mode" },
			words: { type: "array", items: { type: "string" } },
			rest: { type: "object" },
			brand_id: { type: "string", format: "uuid" },
			ad_account_id: { type: "string", format: "uuid" },
			template_id: { anyOf: [{ type: "string", format: "uuid" }, { type: "null" }] },
		},
	});
	expect(fields.map(({ name, kind, required }) => [name, kind, required])).toEqual([
		["feed_id", "text", true],
		["days", "number", false],
		["loud", "switch", false],
		["mode", "choice", false],
		["words", "texts", false],
		["rest", "json", false],
		["brand_id", "brand", false],
		["ad_account_id", "ad account", false],
		["template_id", "template", false],
	]);
	expect(fields[1]?.initial).toBe(30);
	expect(fields[3]?.choices).toEqual([
		{ value: "fast", label: "Fast" },
		{ value: "deep", label: "Deep" },
	]);
});

test("a job without parameters has no fields", () => expect(fieldsOf({ type: "object" })).toEqual([]));

test("a field has the title that was given to it, and the bounds of the model", () => {
	const [films, days] = fieldsOf({
		properties: {
			max_videos: { type: "integer", minimum: 0, maximum: 10, title: "Films" },
			days_back: { anyOf: [{ type: "integer", minimum: 1 }, { type: "null" }], title: "Days Back" },
		},
	});
	expect([films?.label, films?.min, films?.max]).toEqual(["Films", 0, 10]);
	expect([days?.label, days?.min, days?.max]).toEqual(["Days back", 1, undefined]);
});
