import { Group, NumberInput, Select, Stack } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { JobOut, ScheduleOut } from "@/api/generated/types.gen";
import { duration } from "@/shared/time";

export type Policies = Pick<ScheduleOut, "overlap" | "misfire" | "jitter_seconds"> & {
	timeout_seconds: number | "";
	soft_timeout_seconds: number | "";
};

export function policiesOf(schedule: ScheduleOut | undefined): Policies {
	return {
		overlap: schedule?.overlap ?? "skip",
		misfire: schedule?.misfire ?? "once",
		jitter_seconds: schedule?.jitter_seconds ?? 0,
		timeout_seconds: schedule?.timeout_seconds ?? "",
		soft_timeout_seconds: schedule?.soft_timeout_seconds ?? "",
	};
}

// The form has more fields than these; only these are touched.
// biome-ignore lint/suspicious/noExplicitAny: the form's own type is its caller's
type Props = { form: UseFormReturnType<any>; job: JobOut | undefined };

/** What happens when things do not go by the clock. Folded away: the defaults are right for most. */
export function PolicyFields({ form, job }: Props) {
	const own = (seconds: number | null | undefined) => (seconds ? duration(seconds) : "none");
	return (
		<details>
			<summary style={{ cursor: "pointer", fontSize: 14, fontWeight: 600 }}>
				When it does not go by the clock
			</summary>
			<Stack gap="md" mt="md">
				<Select
					label="Its last run is not over"
					allowDeselect={false}
					data={[
						{ value: "skip", label: "Leave this time out" },
						{ value: "queue", label: "Begin when that one has ended" },
						{ value: "replace", label: "Cancel that one and begin" },
					]}
					{...form.getInputProps("overlap")}
				/>
				<Select
					label="Its time was missed"
					description="The machine was off, say"
					allowDeselect={false}
					data={[
						{ value: "once", label: "Make up for it, once" },
						{ value: "skip", label: "Wait for the next time" },
					]}
					{...form.getInputProps("misfire")}
				/>
				<NumberInput
					label="Begin up to so much later"
					description="By chance, so that not everything begins at once"
					suffix=" s"
					min={0}
					max={3600}
					{...form.getInputProps("jitter_seconds")}
				/>
				<Group grow align="start">
					<NumberInput
						label="Ask it to stop after"
						description={`The job's own: ${own(job?.soft_timeout_seconds)}`}
						suffix=" s"
						min={1}
						max={86_400}
						placeholder="As the job"
						{...form.getInputProps("soft_timeout_seconds")}
					/>
					<NumberInput
						label="Stop it after"
						description={`The job's own: ${own(job?.timeout_seconds)}`}
						suffix=" s"
						min={1}
						max={86_400}
						placeholder="As the job"
						{...form.getInputProps("timeout_seconds")}
					/>
				</Group>
			</Stack>
		</details>
	);
}
