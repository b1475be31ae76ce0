import { Select } from "@mantine/core";
import type { JobOut } from "@/api/generated/types.gen";

type Props = {
	jobs: JobOut[];
	value: string;
	error?: React.ReactNode;
	onChange: (name: string) => void;
};

export function JobPicker({ jobs, value, error, onChange }: Props) {
	const chosen = jobs.find(({ name }) => name === value);
	return (
		<Select
			label="Job"
			required
			searchable
			openOnFocus={false}
			data-autofocus
			placeholder="What shall be done?"
			description={chosen?.description}
			inputWrapperOrder={["label", "input", "description", "error"]}
			allowDeselect={false}
			value={value || null}
			error={error}
			onChange={(name) => onChange(name ?? "")}
			data={jobs.map(({ name, title }) => ({ value: name, label: title }))}
		/>
	);
}
