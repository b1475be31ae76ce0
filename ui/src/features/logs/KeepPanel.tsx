import { NumberInput, SimpleGrid, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { LogRetentionOut } from "@/api/generated/types.gen";
import { failed, fieldErrors, sentence } from "@/api/problems";
import { useSession } from "@/api/session";
import { PanelForm, SlideOver, usePanel } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { moment } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import { useChangeRetention, useRetention, useStorage } from "./queries";

/** For how long the organization's lines are kept. */
export function KeepPanel({ onClose }: { onClose: () => void }) {
	const retention = useRetention();
	return (
		<SlideOver title="How long lines are kept" onClose={onClose}>
			{retention.isPending ? (
				<LoadingPanel what="settings" />
			) : failed(retention) ? (
				<ProblemPanel error={retention.error} retry={retention.refetch} />
			) : (
				<KeepForm kept={retention.data} />
			)}
		</SlideOver>
	);
}

const LEVELS = [
	{ level: "debug", label: "Debug" },
	{ level: "info", label: "Info" },
	{ level: "warning", label: "Warnings" },
	{ level: "error", label: "Errors" },
] as const;
type Level = (typeof LEVELS)[number]["level"];
type Values = Record<`${Level}_days`, number | "">;

function KeepForm({ kept }: { kept: LogRetentionOut }) {
	const { done } = usePanel();
	const change = useChangeRetention();
	const form = useForm<Values>({
		initialValues: {
			debug_days: kept.debug_days ?? "",
			info_days: kept.info_days ?? "",
			warning_days: kept.warning_days ?? "",
			error_days: kept.error_days ?? "",
		},
	});
	return (
		<PanelForm
			dirty={form.isDirty()}
			saving={change.isPending}
			onSubmit={form.onSubmit((days) =>
				change.mutate(
					{
						body: Object.fromEntries(Object.entries(days).map(([name, number]) => [name, number || null])),
					},
					{
						onSuccess: () => {
							say("Saved");
							done();
						},
						onError: (error) => {
							form.setErrors(fieldErrors(error));
							complain(sentence(error));
						},
					},
				),
			)}
		>
			<Stack gap="md">
				<Text size="sm">
					Days for each level. What is left empty is kept as long as everywhere in this installation.
				</Text>
				<SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
					{LEVELS.map(({ level, label }, at) => (
						<NumberInput
							key={level}
							label={label}
							placeholder={`${kept[`usual_${level}_days`]} as everywhere`}
							min={1}
							max={400}
							allowDecimal={false}
							data-autofocus={at === 0 || undefined}
							{...form.getInputProps(`${level}_days`)}
						/>
					))}
				</SimpleGrid>
				<Text size="sm" c="dimmed">
					Lines go by the week, so that some stay for a few days longer. A shorter time than the usual one is
					kept to the day.
				</Text>
				<Storage />
			</Stack>
		</PanelForm>
	);
}

/** How much room all lines take: for those who run the installation. */
function Storage() {
	const storage = useStorage(useSession().user.operator);
	if (!storage.data) return null;
	const { used_bytes, limit_bytes, since } = storage.data;
	const size = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
	return (
		<Text size="sm" c="dimmed">
			The lines of all organizations take {size(used_bytes)}
			{limit_bytes && ` of ${size(limit_bytes)}`}
			{since && `, since ${moment(since)}`}.
		</Text>
	);
}
