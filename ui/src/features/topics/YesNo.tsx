import { ActionIcon, Badge, Group } from "@mantine/core";
import { Check, X } from "lucide-react";

type Props = {
	said: "yes" | "no" | null;
	about: string;
	onSay: ((verdict: "yes" | "no" | null) => void) | undefined;
};

/** A person's word on a topic: said, or still to be said. */
export function YesNo({ said, about, onSay }: Props) {
	if (said) {
		return (
			<Badge
				color={said === "yes" ? "green" : "red"}
				style={{ flex: "none" }}
				rightSection={
					onSay && (
						<ActionIcon
							size={20}
							variant="transparent"
							c="inherit"
							aria-label={`Take it back: ${about}`}
							onClick={() => onSay(null)}
						>
							<X size={11} />
						</ActionIcon>
					)
				}
			>
				{said === "yes" ? "It is" : "It is not"}
			</Badge>
		);
	}
	if (!onSay) return null;
	return (
		<Group gap={2} wrap="nowrap">
			<ActionIcon variant="subtle" color="gray" aria-label={`Not about ${about}`} onClick={() => onSay("no")}>
				<X size={16} />
			</ActionIcon>
			<ActionIcon variant="subtle" color="gray" aria-label={`About ${about}`} onClick={() => onSay("yes")}>
				<Check size={16} />
			</ActionIcon>
		</Group>
	);
}
