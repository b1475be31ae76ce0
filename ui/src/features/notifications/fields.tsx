import { MultiSelect, Select, Stack } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useKinds } from "./queries";
import type { Severity } from "./search";

export type Wants = { min_severity: Severity; kinds: string[] };

/** What a channel is told of. */
export function WantsFields<Values extends Wants>({
	form,
	disabled,
}: {
	form: UseFormReturnType<Values>;
	disabled?: boolean;
}) {
	const kinds = useKinds();
	return (
		<Stack gap="md">
			<Select
				label="How much it must matter"
				allowDeselect={false}
				disabled={disabled}
				data={[
					{ value: "info", label: "Everything" },
					{ value: "warning", label: "Warnings and what is critical" },
					{ value: "critical", label: "Only what is critical" },
				]}
				{...form.getInputProps("min_severity")}
			/>
			<MultiSelect
				label="Of which kinds"
				description="Empty: of all"
				searchable
				clearable
				disabled={disabled}
				data={kinds.data?.map(({ name, title }) => ({ value: name, label: title })) ?? []}
				{...form.getInputProps("kinds")}
			/>
		</Stack>
	);
}
