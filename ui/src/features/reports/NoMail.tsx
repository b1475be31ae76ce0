import { Alert } from "@mantine/core";
import { MailWarning } from "lucide-react";
import { useMail } from "./leaving";

/** Said where mails are planned while none can be sent. */
export function NoMail() {
	const { data } = useMail();
	if (!data || (data.configured && !data.zero_egress)) return null;
	return (
		<Alert color="yellow" icon={<MailWarning size={18} />} title="No mail can be sent yet" mb="md">
			{data.zero_egress
				? "This installation sends nothing outside."
				: "Whoever runs the installation sets BRANDHOUND_SMTP_URL; until then sendings say so and wait for a person."}
		</Alert>
	);
}
