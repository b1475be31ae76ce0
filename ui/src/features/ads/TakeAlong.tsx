import { Button, Group, Select, Stack, Text, Title } from "@mantine/core";
import { FileDown } from "lucide-react";
import { useState } from "react";
import type { AdAccountOut } from "@/api/generated/types.gen";
import { BesideIn } from "./BesideIn";

const SPANS = [
	{ value: "28", label: "The last 28 days" },
	{ value: "90", label: "The last 90 days" },
	{ value: "all", label: "All days" },
];
/** Before there were ads here. */
const EVER = "2000-01-01";
const KINDS = [
	// The mark at its start tells Excel that it is UTF-8.
	{ kind: "csv", label: "CSV", more: "&bom=true" },
	{ kind: "parquet", label: "Parquet", more: "" },
];

/** The account's figures as files for other programs. */
export function TakeAlong({ account }: { account: AdAccountOut }) {
	const [span, setSpan] = useState("28");
	const [shownIn, setShownIn] = useState<string>();
	const since = sinceOf(span, account.time_zone, new Date());
	return (
		<section aria-labelledby="take-along">
			<Title order={3} size="h6" mb="xs" id="take-along">
				Take the figures along
			</Title>
			<Stack gap="xs">
				<Text size="sm">
					One row for each ad and day, with all that was counted, in {account.currency} and the days of{" "}
					{account.time_zone}
					{shownIn &&
						`; behind them spend and purchase value in ${shownIn} with the day's rate, empty where there is none`}
					.
				</Text>
				<Group gap="xs" grow maw={360}>
					<Select
						size="xs"
						aria-label="Which days"
						data={SPANS}
						value={span}
						allowDeselect={false}
						onChange={(value) => value && setSpan(value)}
					/>
					<BesideIn own={account.currency} value={shownIn} onChoose={setShownIn} />
				</Group>
				<Group gap="xs">
					{KINDS.map(({ kind, label, more }) => (
						<Button
							key={kind}
							size="xs"
							variant="default"
							component="a"
							href={`/api/ad-accounts/${account.id}/facts.${kind}?since=${since}${shownIn ? `&show_in=${shownIn}` : ""}${more}`}
							download
							leftSection={<FileDown size={14} />}
						>
							{label}
						</Button>
					))}
				</Group>
			</Stack>
		</section>
	);
}

/** The first day of a span that ends today, where the account is. */
export function sinceOf(span: string, zone: string, now: Date): string {
	if (span === "all") return EVER;
	// Swedish days are written as ISO 8601 has them.
	const today = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" }).format(now);
	const first = new Date(`${today}T00:00:00Z`);
	first.setUTCDate(first.getUTCDate() - Number(span) + 1);
	return first.toISOString().slice(0, 10);
}
