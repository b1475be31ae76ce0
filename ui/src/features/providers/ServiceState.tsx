import { Badge } from "@mantine/core";
import type { BreakerOut } from "@/api/generated/types.gen";

const STATES: Record<BreakerOut["state"], { label: string; color: string }> = {
	closed: { label: "Called", color: "green" },
	open: { label: "Left alone", color: "red" },
	half_open: { label: "Being tried", color: "yellow" },
};

export function ServiceState({ state }: Pick<BreakerOut, "state">) {
	const { label, color } = STATES[state];
	return <Badge color={color}>{label}</Badge>;
}
