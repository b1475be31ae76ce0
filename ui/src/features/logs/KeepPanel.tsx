import { NumberInput, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { LogRetentionOut } from "@/api/generated/types.gen";
import { fieldErrors, sentence } from "@/api/problems";
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
			) : retention.isError ? (
				<ProblemPanel error={retention.error} retry={retention.refetch} />
			) : (
				<KeepForm kept={retention.data} />
			)}
		</SlideOver>
	);
}

type Values = { detail_days: number | ""; trouble_days: number | "" };

function KeepForm({ kept }: { kept: LogRetentionOut }) {
	const { done } = usePanel();
	const change = useChangeRetention();
	const form = useForm<Values>({
		initialValues: { detail_days: kept.detail_days ?? "", trouble_days: kept.trouble_days ?? "" },
	});
	return (
		<PanelForm
			dirty={form.isDirty()}
			saving={change.isPending}
			onSubmit={form.onSubmit(({ detail_days, trouble_days }) =>
				change.mutate(
					{ body: { detail_days: detail_days || null, trouble_days: trouble_days || null } },
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
				<NumberInput
					label="Debug and info"
					description="Days. Empty: as everywhere in this installation."
					placeholder={String(kept.usual_detail_days)}
					min={1}
					max={400}
					allowDecimal={false}
					data-autofocus
					{...form.getInputProps("detail_days")}
				/>
				<NumberInput
					label="Warnings and errors"
					description="Days. Empty: as everywhere in this installation."
					placeholder={String(kept.usual_trouble_days)}
					min={1}
					max={400}
					allowDecimal={false}
					{...form.getInputProps("trouble_days")}
				/>
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
