import { Badge, Button, Group, Text, Title } from "@mantine/core";
import { Send } from "lucide-react";
import { sentence } from "@/api/problems";
import { moment } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import { useMail, useTestMail } from "./queries";

const ENCRYPTION: Record<string, string> = {
	implicit: "encrypted from the first byte",
	starttls: "encrypted by STARTTLS",
	none: "not encrypted",
};

/** Whether mails can be sent at all. The server is a setting of the installation. */
export function MailCard() {
	const mail = useMail();
	const test = useTestMail();
	if (!mail.data) return null;
	const {
		configured,
		problem,
		server,
		encryption,
		sender,
		zero_egress,
		last_ok_at,
		last_error,
		last_error_at,
	} = mail.data;
	return (
		<section aria-labelledby="mail">
			<Group justify="space-between" align="flex-start">
				<div>
					<Group gap="xs">
						<Title order={2} size="h5" id="mail">
							Mail server
						</Title>
						<Badge color={configured && !zero_egress ? "teal" : "gray"} variant="light">
							{zero_egress ? "Not allowed" : configured ? "Configured" : "None"}
						</Badge>
					</Group>
					<Text size="sm" c="dimmed">
						{zero_egress
							? "This installation sends nothing outside."
							: configured
								? `${server}, ${ENCRYPTION[encryption ?? "none"]}, as ${sender}`
								: (problem ?? "Whoever runs the installation sets BRANDHOUND_SMTP_URL.")}
					</Text>
					{last_ok_at && (
						<Text size="xs" c="dimmed">
							Last taken {moment(last_ok_at)}
						</Text>
					)}
					{last_error && last_error_at && (
						<Text size="xs" c="dimmed" className="sentence">
							{moment(last_error_at)}: {last_error}
						</Text>
					)}
				</div>
				{configured && !zero_egress && (
					<Button
						variant="default"
						size="xs"
						leftSection={<Send size={13} />}
						loading={test.isPending}
						onClick={() =>
							test.mutate(
								{},
								{
									onSuccess: () => say("A test is on its way to you"),
									onError: (error) => complain(sentence(error)),
								},
							)
						}
					>
						Mail me a test
					</Button>
				)}
			</Group>
		</section>
	);
}
