import { Group, NumberInput, Select, Stack, Textarea, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useChannels } from "./queries";

export type RuleValues = {
	title: string;
	what_to_do: string;
	comparison: "above" | "below";
	threshold: number;
	window_minutes: number;
	severity: "info" | "warning" | "critical";
	channel: string;
};

/** What can be said of any rule, new or old. */
// biome-ignore lint/suspicious/noExplicitAny: the form may hold more than these values
export function RuleFields({ form }: { form: UseFormReturnType<any> }) {
	const channels = useChannels();
	return (
		<Stack gap="md">
			<Group grow align="start">
				<Select
					label="Wrong when"
					allowDeselect={false}
					data={[
						{ value: "above", label: "Above" },
						{ value: "below", label: "Below" },
					]}
					{...form.getInputProps("comparison")}
				/>
				<NumberInput label="Limit" {...form.getInputProps("threshold")} />
			</Group>
			<Group grow align="start">
				<NumberInput
					label="For so many minutes"
					min={1}
					max={1440}
					{...form.getInputProps("window_minutes")}
				/>
				<Select
					label="Severity"
					allowDeselect={false}
					data={[
						{ value: "info", label: "Info" },
						{ value: "warning", label: "Warning" },
						{ value: "critical", label: "Critical" },
					]}
					{...form.getInputProps("severity")}
				/>
			</Group>
			<Select
				label="Through"
				description="Operators are told as they prefer; a channel is told as well"
				allowDeselect={false}
				data={[
					{ value: "preferences", label: "As each operator prefers" },
					...(channels.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
				]}
				{...form.getInputProps("channel")}
			/>
			<TextInput label="What is wrong" {...form.getInputProps("title")} />
			<Textarea label="What to do" autosize minRows={2} {...form.getInputProps("what_to_do")} />
		</Stack>
	);
}
