import type { CandidateOut } from "@/api/generated/types.gen";

export type CandidateState = CandidateOut["state"];

export const STATES: { value: CandidateState; label: string }[] = [
	{ value: "proposed", label: "To decide" },
	{ value: "promoted", label: "Watched" },
	{ value: "merged", label: "Other names" },
	{ value: "ignored", label: "Ignored" },
];

export const isState = (value: unknown): value is CandidateState =>
	STATES.some((state) => state.value === value);
