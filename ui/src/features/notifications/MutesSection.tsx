import { Button, Text, Title } from "@mantine/core";
import type { MuteOut } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { type Column, DataTable } from "@/shared/DataTable";
import { moment } from "@/shared/time";
import { complain } from "@/shared/undo";
import { useMutes, useUnmute } from "./queries";

/** What one wants quiet about, to be taken back. Not there when there is nothing. */
export function MutesSection() {
	const mutes = useMutes();
	const unmute = useUnmute();
	if (!mutes.data || mutes.data.length === 0) return null;
	const columns: Column<MuteOut>[] = [
		{
			key: "what",
			title: "What",
			render: ({ title, subject }) => (
				<>
					<Text size="sm">{title}</Text>
					<Text size="xs" c="dimmed">
						{subject.startsWith("kind:")
							? "Everything like it"
							: subject.startsWith("incident:")
								? "This incident"
								: "This notice"}
					</Text>
				</>
			),
		},
		{
			key: "until",
			title: "Until",
			fit: true,
			render: ({ until_at }) => (until_at ? moment(until_at) : "for good"),
		},
		{
			key: "back",
			title: "",
			fit: true,
			render: ({ id, title }) => (
				<Button
					size="compact-sm"
					variant="subtle"
					aria-label={`Call me again for ${title}`}
					onClick={() =>
						unmute.mutate({ path: { mute_id: id } }, { onError: (error) => complain(sentence(error)) })
					}
				>
					Call me again
				</Button>
			),
		},
	];
	return (
		<section aria-labelledby="muted">
			<Title order={2} size="h5" mb="xs" id="muted">
				Muted and put off
			</Title>
			<DataTable label="Muted and put off" rows={mutes.data} columns={columns} id={({ id }) => id} />
		</section>
	);
}
