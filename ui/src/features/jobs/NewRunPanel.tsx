import { Alert, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { failed, fieldErrors, sentence } from "@/api/problems";
import { PanelForm, SlideOver } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { JobPicker } from "./JobPicker";
import { ParameterFields, type Values } from "./ParameterFields";
import { useJobs, useStartRun } from "./queries";

type Props = { onClose: () => void; onOpen: (id: string) => void };

export function NewRunPanel({ onClose, onOpen }: Props) {
	const jobs = useJobs();
	return (
		<SlideOver title="Start a job" onClose={onClose}>
			{jobs.isPending ? (
				<LoadingPanel what="jobs" />
			) : failed(jobs) ? (
				<ProblemPanel error={jobs.error} retry={jobs.refetch} />
			) : (
				<NewRun jobs={jobs.data} onOpen={onOpen} />
			)}
		</SlideOver>
	);
}

function NewRun({
	jobs,
	onOpen,
}: {
	jobs: Parameters<typeof JobPicker>[0]["jobs"];
	onOpen: (id: string) => void;
}) {
	const start = useStartRun();
	const form = useForm({
		initialValues: { job: "", parameters: {} as Values },
		validate: { job: (job) => (job ? null : "Choose one") },
	});
	const job = jobs.find(({ name }) => name === form.values.job);
	return (
		<PanelForm
			onSubmit={form.onSubmit((body) =>
				start.mutate(
					{ body },
					{
						onSuccess: ({ id }) => setTimeout(() => onOpen(id)),
						onError: (error) => form.setErrors(fieldErrors(error)),
					},
				),
			)}
			dirty={form.isDirty() && !start.isSuccess}
			saving={start.isPending}
			save="Start"
		>
			<Stack gap="md">
				{start.isError && (
					<Alert color="red" role="alert">
						{sentence(start.error)}
					</Alert>
				)}
				<JobPicker
					jobs={jobs}
					value={form.values.job}
					error={form.errors.job}
					onChange={(name) => form.setValues({ job: name, parameters: {} })}
				/>
				{job && (
					<ParameterFields
						schema={job.parameters}
						values={form.values.parameters}
						errors={form.errors}
						onChange={(parameters) => form.setFieldValue("parameters", parameters)}
					/>
				)}
			</Stack>
		</PanelForm>
	);
}
