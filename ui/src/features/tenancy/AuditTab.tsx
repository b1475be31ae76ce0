import { Anchor, Stack, Text } from "@mantine/core";
import { History } from "lucide-react";
import { useState } from "react";
import type { AuditEntryOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { type Column, DataTable, Narrow } from "@/shared/DataTable";
import { capital } from "@/shared/numbers";
import { ShowMore } from "@/shared/ShowMore";
import { Empty, LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago } from "@/shared/time";
import { useAudit } from "./queries";

export function AuditTab() {
	const audit = useAudit();
	if (audit.isPending) return <LoadingRows what="the audit" />;
	if (failed(audit)) return <ProblemPanel error={audit.error} retry={audit.refetch} />;
	const rows = audit.data.pages.flatMap(({ items }) => items);
	if (rows.length === 0) {
		return (
			<Empty icon={History} title="Nothing has been done yet">
				Who changed what, and when, is kept here.
			</Empty>
		);
	}
	return (
		<Stack gap="md">
			<DataTable label="Audit" rows={rows} columns={COLUMNS} id={({ id }) => id} />
			<ShowMore list={audit} />
		</Stack>
	);
}

/** Letters that two or three lines of small text hold. */
const SHORT = 120;

/** What exactly was done; all of it at a press, where it is long. */
function Facts({ said }: { said: string }) {
	const [open, setOpen] = useState(false);
	const long = said.length > SHORT;
	return (
		<>
			<Text size="xs" c="dimmed" lineClamp={long && !open ? 2 : undefined}>
				{said}
			</Text>
			{long && (
				<Anchor
					component="button"
					type="button"
					size="xs"
					aria-expanded={open}
					onClick={() => setOpen(!open)}
				>
					{open ? "Less" : "All of it"}
				</Anchor>
			)}
		</>
	);
}

const COLUMNS: Column<AuditEntryOut>[] = [
	{
		key: "what",
		title: "What",
		render: ({ action, facts }) => (
			<>
				<Text size="sm" fw={550}>
					{inWords(action)}
				</Text>
				<Facts said={inFacts(facts)} />
			</>
		),
	},
	{
		key: "who",
		title: "Who",
		from: "medium",
		fit: true,
		render: (entry) => (
			<Text size="sm" truncate maw={180} title={whoDid(entry)}>
				{whoDid(entry)}
			</Text>
		),
	},
	{
		key: "when",
		title: "When",
		fit: true,
		render: (entry) => (
			<>
				<Ago at={entry.at} />
				<Narrow>{whoDid(entry)}</Narrow>
			</>
		),
	},
];

function whoDid({ user_name, key_id }: AuditEntryOut): string {
	return user_name ?? (key_id ? "An API key" : "brandhound");
}

/** What else is worth knowing; without the numbers of things, by which programs find them. */
export function inFacts(facts: AuditEntryOut["facts"]): string {
	return Object.entries(facts)
		.filter(([, value]) => typeof value !== "string" || !UUID.test(value))
		.map(([name, value]) => `${name.replaceAll("_", " ")}: ${plain(value)}`)
		.join(" · ");
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A fact as one would write it. */
export function plain(value: unknown): string {
	if (Array.isArray(value)) return value.map(plain).join(", ") || "none";
	if (typeof value === "boolean") return value ? "yes" : "no";
	if (value === null) return "none";
	if (typeof value !== "string") return JSON.stringify(value);
	// A word of the program, not a name that somebody gave.
	return /^[a-z]+(_[a-z]+)+$/.test(value) ? value.replaceAll("_", " ") : value;
}

/** "members.role-changed" → "Members: role changed", "ads.token_given" → "Ads: token given" */
export function inWords(action: string): string {
	const [part = "", deed = ""] = action.split(".");
	return `${capital(part)}: ${deed.replaceAll(/[-_]/g, " ")}`;
}
