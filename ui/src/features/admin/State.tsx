import { Badge } from "@mantine/core";
import type { DoctorFinding, HealthPart } from "@/api/generated/types.gen";

const STATES: Record<HealthPart["state"], { label: string; color: string }> = {
	ok: { label: "OK", color: "green" },
	warning: { label: "Warning", color: "yellow" },
	critical: { label: "Critical", color: "red" },
};
const VERDICTS: Record<DoctorFinding["verdict"], { label: string; color: string }> = {
	good: { label: "Good", color: "green" },
	warning: { label: "Warning", color: "yellow" },
	bad: { label: "Bad", color: "red" },
	unknown: { label: "Unknown", color: "gray" },
};

export function State({ state }: { state: HealthPart["state"] }) {
	const { label, color } = STATES[state];
	return <Badge color={color}>{label}</Badge>;
}

export function Verdict({ verdict }: { verdict: DoctorFinding["verdict"] }) {
	const { label, color } = VERDICTS[verdict];
	return <Badge color={color}>{label}</Badge>;
}
