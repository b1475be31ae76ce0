import { Select, type SelectProps } from "@mantine/core";
import { useTemplates } from "./templates";

/** Which template a report is made with; the empty value is the standard one. */
export function TemplateField(props: SelectProps) {
	const templates = useTemplates();
	return (
		<Select
			label="Template"
			allowDeselect={false}
			data={[
				{ value: "", label: "The standard one" },
				...(templates.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
			]}
			comboboxProps={{ zIndex: 300 }}
			{...props}
		/>
	);
}
