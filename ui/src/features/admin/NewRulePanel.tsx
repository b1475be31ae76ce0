import { Alert, Select, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { MetricName } from "@/api/generated/types.gen";
import { failed, fieldErrors, sentence } from "@/api/problems";
import { PanelForm, SlideOver } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { say } from "@/shared/undo";
import { useAddRule, useMetricNames } from "./queries";
import { RuleFields, type RuleValues } from "./RuleFields";

type Props = { onClose: () => void; onOpen: (id: string) => void };

export function NewRulePanel({ onClose, onOpen }: Props) {
	const names = useMetricNames();
	return (
		<SlideOver title="New rule" about="Tells operators when a figure crosses a limit" onClose={onClose}>
			{names.isPending ? (
				<LoadingPanel what="metrics" />
			) : failed(names) ? (
				<ProblemPanel error={names.error} retry={names.refetch} />
			) : (
				<NewRule names={names.data} onOpen={onOpen} />
			)}
		</SlideOver>
	);
}

function NewRule({ names, onOpen }: { names: MetricName[]; onOpen: (id: string) => void }) {
	const add = useAddRule();
	const form = useForm<RuleValues & { metric: string; label: string | null }>({
		initialValues: {
			metric: "",
			label: null,
			title: "",
			what_to_do: "",
			comparison: "above",
			threshold: 0,
			window_minutes: 5,
			severity: "warning",
			channel: "preferences",
		},
		validate: {
			metric: (metric) => (metric ? null : "Choose one"),
			title: (title) => (title.trim() ? null : "In a sentence, as it will be told"),
		},
	});
	const chosen = names.find(({ name }) => name === form.values.metric);
	return (
		<PanelForm
			onSubmit={form.onSubmit((body) =>
				add.mutate(
					{ body },
					{
						onSuccess: ({ id }) => {
							say("Operators will be told");
							setTimeout(() => onOpen(id));
						},
						onError: (error) => form.setErrors(fieldErrors(error)),
					},
				),
			)}
			dirty={form.isDirty() && !add.isSuccess}
			saving={add.isPending}
			save="Add the rule"
		>
			<Stack gap="md">
				{add.isError && (
					<Alert color="red" role="alert">
						{sentence(add.error)}
					</Alert>
				)}
				<Select
					label="Figure"
					data-autofocus
					searchable
					data={names.map(({ name }) => ({
						value: name,
						label: name.replace(/^brandhound_/, "").replaceAll("_", " "),
					}))}
					{...form.getInputProps("metric")}
				/>
				{chosen && (
					<Text size="xs" c="dimmed">
						{chosen.about}
					</Text>
				)}
				{chosen && chosen.labels.length > 0 && (
					<Select
						label="Which"
						placeholder="Each on its own"
						clearable
						data={chosen.labels}
						{...form.getInputProps("label")}
					/>
				)}
				<RuleFields form={form} />
			</Stack>
		</PanelForm>
	);
}
