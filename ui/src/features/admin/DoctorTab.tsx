import { Button, Group, Stack, Text } from "@mantine/core";
import { Download, RotateCw } from "lucide-react";
import type { DoctorFinding } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { Advice } from "@/shared/Advice";
import { type Column, DataTable } from "@/shared/DataTable";
import { plural } from "@/shared/numbers";
import { LoadingRows, ProblemPanel } from "@/shared/states";
import { Ago } from "@/shared/time";
import { useDoctor } from "./queries";
import { Verdict } from "./State";

const RANK = { bad: 0, warning: 1, unknown: 2, good: 3 };

/** The checks of `brandhound doctor`, run by the web server where it stands. */
export function DoctorTab() {
	const doctor = useDoctor();
	if (doctor.isPending) return <LoadingRows what="the examination" rows={12} />;
	if (failed(doctor)) return <ProblemPanel error={doctor.error} retry={doctor.refetch} />;
	const findings = doctor.data.findings.toSorted((one, other) => RANK[one.verdict] - RANK[other.verdict]);
	const ill = findings.filter(({ verdict }) => verdict === "bad" || verdict === "warning").length;
	return (
		<Stack gap="md">
			<Group justify="space-between">
				<Text size="sm" c="dimmed">
					{plural(findings.length, "check")}, {ill === 0 ? "all is well" : `${ill} to look at`},{" "}
					<Ago at={doctor.data.checked_at} />
				</Text>
				<Group gap="xs">
					<Button
						variant="default"
						leftSection={<RotateCw size={15} />}
						loading={doctor.isFetching}
						onClick={() => doctor.refetch()}
					>
						Examine again
					</Button>
					<Button
						component="a"
						href="/api/admin/support-bundle"
						download
						variant="default"
						leftSection={<Download size={15} />}
					>
						Support bundle
					</Button>
				</Group>
			</Group>
			<DataTable label="Findings" rows={findings} columns={COLUMNS} id={({ check }) => check} />
			<Text size="xs" c="dimmed">
				The support bundle is a ZIP file for whoever helps you: versions, settings, figures and faults. It
				holds no secrets and nothing of any organization; look through it before you pass it on.
			</Text>
		</Stack>
	);
}

const COLUMNS: Column<DoctorFinding>[] = [
	{
		key: "check",
		title: "Check",
		render: ({ check, found, what_to_do, verdict }) => (
			<>
				<Text size="sm" fw={550} className="sentence">
					{check}
				</Text>
				<Text size="sm" c="dimmed" className={/^[a-z]/.test(found) ? "sentence" : undefined}>
					{found}
				</Text>
				{what_to_do && verdict !== "good" && (
					<Text size="sm">
						<Advice>{what_to_do}</Advice>
					</Text>
				)}
			</>
		),
	},
	{ key: "verdict", title: "Verdict", fit: true, render: ({ verdict }) => <Verdict verdict={verdict} /> },
];
