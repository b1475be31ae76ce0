import {
	Alert,
	Button,
	Chip,
	Group,
	Input,
	Select,
	Stack,
	Switch,
	Text,
	TextInput,
	Title,
} from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Send } from "lucide-react";
import {
	chooseReportDigestMutation,
	readReportDigestQueryKey,
	testReportDigestMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import type { DigestOut } from "@/api/generated/types.gen";
import { failed, fieldErrors, sentence } from "@/api/problems";
import { LoadingRows, ProblemPanel } from "@/shared/states";
import { moment } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import { useKeptForm } from "@/shared/useKeptForm";
import { TIME_ZONES } from "@/shared/zones";
import { useDigest } from "./queries";

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** Whether and when one gets the digest: what is new, what waits for a word, what does not work. */
export function DigestSection() {
	const digest = useDigest();
	return (
		<section aria-labelledby="digest">
			<Title order={2} size="h5" id="digest">
				Digest
			</Title>
			<Text size="sm" c="dimmed" mb="sm">
				One mail in the morning: new stories with the quoted words and why they are there, doubtful mentions
				to judge from the mail, and what does not work. When there is nothing new, nothing comes.
			</Text>
			{digest.isPending ? (
				<LoadingRows what="digest" rows={2} />
			) : failed(digest) ? (
				<ProblemPanel error={digest.error} retry={digest.refetch} />
			) : (
				<DigestForm key={String(digest.data.wanted)} digest={digest.data} />
			)}
		</section>
	);
}

function DigestForm({ digest }: { digest: DigestOut }) {
	const queries = useQueryClient();
	const takes = (chosen: DigestOut) => queries.setQueryData(readReportDigestQueryKey(), chosen);
	const choose = useMutation({ ...chooseReportDigestMutation(), onSuccess: takes });
	const test = useMutation({ ...testReportDigestMutation(), onSuccess: takes });
	const form = useKeptForm({
		initialValues: {
			wanted: digest.wanted,
			weekdays: digest.weekdays.map(String),
			time: digest.time,
			time_zone: digest.time_zone,
		},
		validate: {
			weekdays: (days) => (days.length > 0 ? null : "On which days?"),
			time: (time) => (time ? null : "At what time?"),
		},
	});
	const save = (sent: typeof form.values) => {
		const { weekdays, ...rest } = sent;
		choose.mutate(
			{ body: { ...rest, weekdays: weekdays.map(Number) } },
			{
				onSuccess: ({ wanted, when }) => {
					form.resetDirty(sent);
					say(wanted ? `Digest: ${when.toLowerCase()}` : "No more digests");
				},
				onError: (error) => form.setErrors(fieldErrors(error)),
			},
		);
	};
	return (
		<form onSubmit={form.onSubmit(save)} noValidate>
			<Stack gap="md">
				{choose.isError && (
					<Alert color="red" role="alert">
						{sentence(choose.error)}
					</Alert>
				)}
				{!digest.mail && (
					<Text size="sm" c="dimmed">
						No mail server is set yet; the digest comes as soon as there is one.
					</Text>
				)}
				<Switch label="Send me the digest" {...form.getInputProps("wanted", { type: "checkbox" })} />
				{form.values.wanted && (
					<>
						<Input.Wrapper label="On" labelElement="div" error={form.errors.weekdays}>
							<Chip.Group multiple {...form.getInputProps("weekdays")}>
								<Group gap={6} mt={6}>
									{DAYS.map((label, index) => (
										<Chip key={label} value={String(index + 1)} size="xs">
											{label}
										</Chip>
									))}
								</Group>
							</Chip.Group>
						</Input.Wrapper>
						<Group gap="sm" align="flex-start">
							<TextInput type="time" label="At" w={130} {...form.getInputProps("time")} />
							<Select
								label="By the clock of"
								searchable
								allowDeselect={false}
								data={[...new Set([form.values.time_zone, ...TIME_ZONES])]}
								{...form.getInputProps("time_zone")}
							/>
						</Group>
					</>
				)}
				{digest.wanted && digest.next_times[0] && (
					<Text size="xs" c="dimmed">
						Next {moment(digest.next_times[0])}
						{digest.last &&
							` · last ${moment(digest.last.window_at)}: ${digest.last.reason ?? digest.last.state.replace("_", " ")}`}
					</Text>
				)}
				<Group>
					<Button type="submit" loading={choose.isPending} disabled={!form.isDirty()}>
						Set it
					</Button>
					{digest.wanted && digest.mail && (
						<Button
							variant="default"
							leftSection={<Send size={14} />}
							loading={test.isPending}
							onClick={() =>
								test.mutate(
									{},
									{
										onSuccess: () => say("Your digest is on its way"),
										onError: (error) => complain(sentence(error)),
									},
								)
							}
						>
							Send it to me now
						</Button>
					)}
				</Group>
			</Stack>
		</form>
	);
}
