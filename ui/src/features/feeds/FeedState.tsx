import { Badge } from "@mantine/core";
import type { FeedOut } from "@/api/generated/types.gen";

export const STATES: Record<FeedOut["state"], { label: string; color: string }> = {
	active: { label: "Healthy", color: "green" },
	new: { label: "New", color: "iris" },
	failing: { label: "Failing", color: "red" },
	silent: { label: "Silent", color: "yellow" },
	gone: { label: "Gone", color: "red" },
	paused: { label: "Paused", color: "gray" },
};

export function FeedState({ state }: { state: FeedOut["state"] }) {
	const { label, color } = STATES[state];
	return <Badge color={color}>{label}</Badge>;
}
