import { type UseFormInput, type UseFormReturnType, useForm } from "@mantine/form";
import { useEffect, useRef } from "react";

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/**
 * A form over what is kept elsewhere, given as its initial values (plain JSON). What comes in newer, since somebody else changed it or
 * the list was asked again, takes its place in the fields that were not touched here: saving must not bring old values back.
 */
export function useKeptForm<Values extends Record<string, unknown>>(
	options: UseFormInput<Values> & { initialValues: Values },
): UseFormReturnType<Values> {
	const form = useForm<Values>(options);
	const known = useRef(options.initialValues);
	useEffect(() => {
		const was = known.current;
		const now = options.initialValues;
		if (same(was, now)) return;
		known.current = now;
		const values = form.getValues();
		const taken = { ...values };
		for (const name of Object.keys(now) as (keyof Values)[]) {
			if (same(values[name], was[name])) taken[name] = now[name];
		}
		form.setInitialValues(now);
		form.setValues(taken);
		form.resetDirty(now);
	});
	return form;
}
