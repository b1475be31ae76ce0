/** The named search parameters that are texts; numbers of the address are texts too, anything else is left out. */
export function text<Name extends string>(
	search: Record<string, unknown>,
	...names: Name[]
): { [name in Name]?: string } {
	const found: { [name in Name]?: string } = {};
	for (const name of names) {
		const value = search[name];
		if ((typeof value === "string" && value !== "") || typeof value === "number") found[name] = String(value);
	}
	return found;
}
