import { capital } from "@/shared/numbers";

/** The part of JSON Schema that job parameters use. */
export type Schema = {
	type?: string;
	title?: string;
	description?: string;
	default?: unknown;
	enum?: unknown[];
	const?: unknown;
	format?: string;
	minimum?: number;
	maximum?: number;
	anyOf?: Schema[];
	items?: Schema;
	$ref?: string;
	$defs?: Record<string, Schema>;
	properties?: Record<string, Schema>;
	required?: string[];
};

export type Field = {
	name: string;
	label: string;
	description: string | undefined;
	required: boolean;
	kind:
		| "text"
		| "number"
		| "switch"
		| "choice"
		| "texts"
		| "brands"
		| "brand"
		| "ad account"
		| "template"
		| "json";
	choices: { value: string; label: string }[];
	min: number | undefined;
	max: number | undefined;
	initial: unknown;
};

/** Chosen from what there is, where others would have to be typed. */
const NAMED: Partial<Record<string, Field["kind"]>> = {
	brand_ids: "brands",
	brand_id: "brand",
	ad_account_id: "ad account",
	template_id: "template",
};

/** What a form needs to know to ask for the parameters of a job. */
export function fieldsOf(schema: Schema): Field[] {
	return Object.entries(schema.properties ?? {}).map(([name, property]) => {
		const plain = resolve(property, schema);
		return {
			name,
			label: titleOf(property, name) ?? inWords(name).replace(/ ids?$/, (end) => (end === " ids" ? "s" : "")),
			description: property.description ?? plain.description,
			required: schema.required?.includes(name) ?? false,
			kind: NAMED[name] ?? kindOf(plain),
			choices: (plain.enum ?? []).map((value) => ({ value: String(value), label: inWords(String(value)) })),
			min: plain.minimum,
			max: plain.maximum,
			initial: property.default,
		};
	});
}

/** The title that somebody gave; the one that is made of the name says no more than it. */
function titleOf({ title }: Schema, name: string): string | undefined {
	return title?.toLowerCase() === name.replaceAll("_", " ") ? undefined : title;
}

/** "last_7_days" → "Last 7 days" */
function inWords(name: string): string {
	return capital(name.replaceAll("_", " "));
}

function resolve(property: Schema, root: Schema): Schema {
	const reference = property.$ref?.split("/").at(-1);
	if (reference) return root.$defs?.[reference] ?? {};
	const real = property.anyOf?.find(({ type }) => type !== "null");
	return real ? resolve(real, root) : property;
}

function kindOf({ type, enum: choices, items }: Schema): Field["kind"] {
	if (choices) return "choice";
	if (type === "string") return "text";
	if (type === "integer" || type === "number") return "number";
	if (type === "boolean") return "switch";
	if (type === "array" && items?.type === "string") return "texts";
	return "json";
}
