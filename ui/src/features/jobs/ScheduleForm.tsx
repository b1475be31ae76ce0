import { Alert, Chip, Group, Input, Select, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import type { ReactNode } from "react";
import type { JobOut, ScheduleOut } from "@/api/generated/types.gen";
import { fieldErrors, sentence } from "@/api/problems";
import { useCan, useSession } from "@/api/session";
import { ConfirmButton } from "@/shared/ConfirmButton";
import { uncapital } from "@/shared/numbers";
import { PanelForm, usePanel } from "@/shared/SlideOver";
import { complain, say } from "@/shared/undo";
import { useKeptForm } from "@/shared/useKeptForm";
import { TIME_ZONES } from "@/shared/zones";
import { inWords, PRESETS } from "./cron";
import { JobPicker } from "./JobPicker";
import { NextRuns } from "./NextRuns";
import { ParameterFields, type Values } from "./ParameterFields";
import { PolicyFields, policiesOf } from "./PolicyFields";
import { useAddSchedule, useChangeSchedule, useRemoveSchedule } from "./queries";

type Props = { schedule: ScheduleOut | undefined; jobs: JobOut[]; children?: ReactNode };

export function ScheduleForm({ schedule, jobs, children }: Props) {
	const { done } = usePanel();
	const may = useCan("admin");
	const own = useSession().organization.time_zone;
	const add = useAddSchedule();
	const change = useChangeSchedule();
	const form = useKeptForm({
		initialValues: {
			job: schedule?.job ?? "",
			title: schedule?.title ?? "",
			cron: schedule?.cron ?? "0 8 * * 1-5",
			time_zone: schedule?.time_zone ?? own,
			parameters: (schedule?.parameters ?? {}) as Values,
			...policiesOf(schedule),
		},
		validate: {
			job: (job) => (job ? null : "Choose one"),
			cron: (cron) => (cron.trim() ? null : "When?"),
		},
	});
	const { values } = form;
	const [cron] = useDebouncedValue(values.cron, 300);
	const job = jobs.find(({ name }) => name === values.job);
	const after = {
		onSuccess: ({ title }: ScheduleOut) => {
			say(`${title}: ${uncapital(inWords(values.cron))}`);
			done();
		},
		onError: (error: unknown) => form.setErrors(fieldErrors(error)),
	};
	const save = ({ job, title, timeout_seconds, soft_timeout_seconds, ...others }: typeof values) => {
		const named = title.trim() ? { title: title.trim() } : {};
		// An emptied limit is taken off.
		const limits = {
			timeout_seconds: timeout_seconds || null,
			soft_timeout_seconds: soft_timeout_seconds || null,
		};
		const rest = { ...others, ...limits };
		if (schedule) change.mutate({ path: { schedule_id: schedule.id }, body: { ...rest, ...named } }, after);
		else add.mutate({ body: { job, ...rest, ...named } }, after);
	};
	const error = add.error ?? change.error;
	return (
		<PanelForm
			onSubmit={form.onSubmit(save)}
			dirty={form.isDirty()}
			saving={add.isPending || change.isPending}
			disabled={!may}
			aside={schedule && may && <Remove schedule={schedule} />}
		>
			<Stack gap="md">
				{children}
				{error && (
					<Alert color="red" role="alert">
						{sentence(error)}
					</Alert>
				)}
				{!schedule && (
					<JobPicker
						jobs={jobs}
						value={values.job}
						error={form.errors.job}
						onChange={(name) => form.setValues({ job: name, parameters: {} })}
					/>
				)}
				<TextInput label="Title" placeholder={job?.title} {...form.getInputProps("title")} />
				<Input.Wrapper label="When" labelElement="div">
					<Chip.Group value={values.cron} onChange={(value) => form.setFieldValue("cron", value as string)}>
						<Group gap={6} mt={6}>
							{PRESETS.map(({ value, label }) => (
								<Chip key={value} value={value} size="xs">
									{label}
								</Chip>
							))}
						</Group>
					</Chip.Group>
				</Input.Wrapper>
				<TextInput
					label="Cron expression"
					description="Minute, hour, day, month, weekday"
					styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
					{...form.getInputProps("cron")}
				/>
				<Select
					label="Time zone"
					searchable
					allowDeselect={false}
					data={[...new Set([values.time_zone, ...TIME_ZONES])]}
					{...form.getInputProps("time_zone")}
				/>
				<NextRuns cron={cron} timeZone={values.time_zone} />
				<PolicyFields form={form} job={job} />
				{job && Object.keys(job.parameters.properties ?? {}).length > 0 && (
					<>
						<Text fw={600} size="sm" mt="sm">
							What it is given
						</Text>
						<ParameterFields
							schema={job.parameters}
							values={values.parameters}
							errors={form.errors}
							onChange={(parameters) => form.setFieldValue("parameters", parameters)}
						/>
					</>
				)}
			</Stack>
		</PanelForm>
	);
}

function Remove({ schedule }: { schedule: ScheduleOut }) {
	const { done } = usePanel();
	const remove = useRemoveSchedule();
	return (
		<ConfirmButton
			question={`Remove ${schedule.title}?`}
			consequence="It no longer starts by itself. Runs that were made stay."
			yes="Remove"
			loading={remove.isPending}
			onConfirm={() =>
				remove.mutate(
					{ path: { schedule_id: schedule.id } },
					{
						onSuccess: () => {
							say("The schedule is removed");
							done();
						},
						onError: (error) => complain(sentence(error)),
					},
				)
			}
		>
			Remove
		</ConfirmButton>
	);
}
