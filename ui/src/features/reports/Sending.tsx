import { Badge } from "@mantine/core";
import type { SendingOut } from "@/api/generated/types.gen";

const STATES: Record<SendingOut["state"], { label: string; color: string }> = {
	waiting: { label: "Being made", color: "blue" },
	pending: { label: "On its way", color: "blue" },
	sending: { label: "On its way", color: "blue" },
	failed: { label: "Tried again", color: "orange" },
	sent: { label: "Sent", color: "teal" },
	skipped: { label: "Nothing to tell", color: "gray" },
	uncertain: { label: "May have arrived", color: "orange" },
	given_up: { label: "Not sent", color: "red" },
	cancelled: { label: "Not needed", color: "gray" },
};

export function SendingState({ state }: Pick<SendingOut, "state">) {
	const { label, color } = STATES[state];
	return (
		<Badge color={color} variant="light" style={{ flex: "none" }}>
			{label}
		</Badge>
	);
}

/** A person may ask for one more mail where none is on its way. */
export const maySendAgain = ({ state, sort, report_id }: SendingOut) =>
	["sent", "uncertain", "given_up", "failed"].includes(state) && (sort === "digest" || report_id !== null);
