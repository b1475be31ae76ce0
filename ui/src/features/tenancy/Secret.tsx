import { ActionIcon, Alert, Code, CopyButton, Group, Tooltip } from "@mantine/core";
import { Check, Copy } from "lucide-react";

/** What is shown once and never again. */
export function Secret({
	title,
	secret,
	children,
}: {
	title: string;
	secret: string;
	children: React.ReactNode;
}) {
	return (
		<Alert color="green" title={title}>
			{children}
			<Group gap="xs" mt="sm" wrap="nowrap">
				<Code style={{ overflowWrap: "anywhere" }} fz="sm">
					{secret}
				</Code>
				<CopyButton value={secret}>
					{({ copied, copy }) => (
						<Tooltip label={copied ? "Copied" : "Copy"}>
							<ActionIcon variant="default" onClick={copy} aria-label={copied ? "Copied" : "Copy"}>
								{copied ? <Check size={15} /> : <Copy size={15} />}
							</ActionIcon>
						</Tooltip>
					)}
				</CopyButton>
			</Group>
		</Alert>
	);
}
