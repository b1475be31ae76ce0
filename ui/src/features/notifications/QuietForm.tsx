import {
	Alert,
	Button,
	Group,
	NumberInput,
	Select,
	Stack,
	Switch,
	Text,
	TextInput,
	Title,
} from "@mantine/core";
import type { PreferencesOut } from "@/api/generated/types.gen";
import { fieldErrors, sentence } from "@/api/problems";
import { say } from "@/shared/undo";
import { useKeptForm } from "@/shared/useKeptForm";
import { TIME_ZONES } from "@/shared/zones";
import { useChangePreferences } from "./queries";

/** When one does not want to be called, and how often in an hour. */
export function QuietForm({ preferences }: { preferences: PreferencesOut }) {
	const change = useChangePreferences();
	const zone = preferences.time_zone ?? preferences.organization_time_zone;
	const form = useKeptForm({
		initialValues: {
			email: preferences.email,
			quiet: preferences.quiet_from !== null,
			from: preferences.quiet_from ?? "22:00",
			until: preferences.quiet_until ?? "07:00",
			zone,
			per_hour: preferences.per_hour as number | string,
		},
		validate: {
			per_hour: (value) => (Number(value) >= 1 && Number(value) <= 1000 ? null : "Between 1 and 1000"),
			from: (value) => (value ? null : "When they begin"),
			until: (value) => (value ? null : "When they end"),
		},
	});
	const save = (sent: typeof form.values) => {
		const { email, quiet, from, until, zone, per_hour } = sent;
		change.mutate(
			{
				body: {
					email,
					quiet_from: quiet ? from : null,
					quiet_until: quiet ? until : null,
					time_zone: zone,
					per_hour: Number(per_hour),
				},
			},
			{
				onSuccess: () => {
					// What was changed while this was on its way is not saved yet.
					form.resetDirty(sent);
					say("Saved");
				},
				onError: (error) => form.setErrors(fieldErrors(error)),
			},
		);
	};
	return (
		<section aria-labelledby="when">
			<Title order={2} size="h5" id="when">
				When, and how often
			</Title>
			<Text size="sm" c="dimmed" mb="sm">
				For mail and channels of your own. What is critical always gets through; what was held back comes in
				one message.
			</Text>
			<form onSubmit={form.onSubmit(save)} noValidate>
				<Stack gap="md">
					{change.isError && (
						<Alert color="red" role="alert">
							{sentence(change.error)}
						</Alert>
					)}
					<Switch label="Mail me" {...form.getInputProps("email", { type: "checkbox" })} />
					<Switch label="Quiet hours" {...form.getInputProps("quiet", { type: "checkbox" })} />
					{form.values.quiet && (
						<Group gap="sm" align="flex-start">
							<TextInput type="time" label="From" w={130} {...form.getInputProps("from")} />
							<TextInput type="time" label="Until" w={130} {...form.getInputProps("until")} />
							<Select
								label="In the time zone of"
								searchable
								allowDeselect={false}
								data={[...new Set([zone, ...TIME_ZONES])]}
								{...form.getInputProps("zone")}
							/>
						</Group>
					)}
					<NumberInput
						label="Messages in an hour, at most"
						description="What is more comes together in one"
						w={260}
						min={1}
						max={1000}
						{...form.getInputProps("per_hour")}
					/>
					<Group>
						<Button type="submit" loading={change.isPending} disabled={!form.isDirty()}>
							Save
						</Button>
					</Group>
				</Stack>
			</form>
		</section>
	);
}
