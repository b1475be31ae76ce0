import { ActionIcon, Alert, Button, Menu, Progress, SimpleGrid, Skeleton, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Archive, ArchiveRestore, ArrowLeft, Ellipsis, Link2, Trash2 } from "lucide-react";
import { useRef } from "react";
import type { ReportDocument, ReportOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { useCan } from "@/api/session";
import { Confirm } from "@/shared/ConfirmButton";
import { later } from "@/shared/later";
import { plural } from "@/shared/numbers";
import { Page } from "@/shared/Page";
import { ProblemPanel } from "@/shared/states";
import { day } from "@/shared/time";
import { Downloads } from "./Downloads";
import { useReportDeeds } from "./deeds";
import { EvidencePanel } from "./EvidencePanel";
import { People } from "./People";
import { useComposing, useReport } from "./queries";
import { ReportBody } from "./ReportBody";
import { DELETION } from "./wording";

const SharePanel = later(async () => (await import("./SharePanel")).SharePanel);

type Props = {
	id: string;
	figure: string | undefined;
	onFigure: (figure: string | undefined) => void;
	sharing: boolean;
	onShare: (sharing: boolean) => void;
	onBack: () => void;
};

export function ReportPage({ id, figure, onFigure, sharing, onShare, onBack }: Props) {
	const report = useReport(id);
	const back = (
		<Button variant="default" leftSection={<ArrowLeft size={16} />} onClick={onBack}>
			All reports
		</Button>
	);
	if (report.isPending) {
		return (
			<Page title="Report" actions={back}>
				<Stack gap="md" role="status" aria-label="Loading report">
					<SimpleGrid cols={{ base: 2, md: 4 }}>
						{["a", "b", "c", "d"].map((key) => (
							<Skeleton key={key} h={86} radius="lg" />
						))}
					</SimpleGrid>
					<Skeleton h={320} radius="lg" />
				</Stack>
			</Page>
		);
	}
	if (failed(report)) {
		return (
			<Page title="Report" actions={back}>
				<ProblemPanel error={report.error} retry={report.refetch} />
			</Page>
		);
	}
	const { document, state, run_id } = report.data;
	if (!document) {
		return (
			<Page title={report.data.title} long about={<Days report={report.data} />} actions={back}>
				{state === "failed" ? (
					<Alert color="red" title="It could not be written">
						The run that should have written it failed; its log says why. Make it again from the list.
					</Alert>
				) : (
					run_id && <Composing run={run_id} />
				)}
			</Page>
		);
	}
	return (
		<Page
			title={document.title}
			long
			about={<Days report={report.data} />}
			actions={
				<>
					{back}
					<People document={document} />
					<Downloads report={id} document={document} />
					<More report={report.data} onShare={() => onShare(true)} onGone={onBack} />
				</>
			}
		>
			<ReportBody document={document} report={id} open={figure} onFigure={onFigure} />
			{sharing && <SharePanel report={id} onClose={() => onShare(false)} />}
			{figure && !sharing && (
				<EvidencePanel
					key={figure}
					report={id}
					figure={figure}
					zone={document.time_zone}
					onClose={() => onFigure(undefined)}
				/>
			)}
		</Page>
	);
}

function Days({ report }: { report: ReportOut }) {
	const { since_on, until_on, document } = report;
	return (
		<>
			{day(since_on)} – {day(until_on)}
			{document &&
				` · ${plural(document.range.days, "day")} in ${document.time_zone}${compared(document)}${made(document)}`}
		</>
	);
}

function compared({ before, comparison }: ReportDocument): string {
	if (!before) return "";
	return comparison
		? `, compared with ${day(before.since_on)} – ${day(before.until_on)}`
		: before.days === 1
			? ", compared with the day before"
			: `, compared with the ${before.days} days before`;
}

function made({ presentation }: ReportDocument): string {
	if (!presentation?.template) return "";
	return ` · made with “${presentation.template}”, version ${presentation.version}`;
}

function Composing({ run }: { run: string }) {
	const { data } = useComposing(run);
	const share = data?.progress?.total ? (100 * data.progress.done) / data.progress.total : undefined;
	return (
		<Stack gap="xs" maw={480} role="status">
			<Text size="sm">It is being written, and appears here by itself.</Text>
			<Progress value={share ?? 100} animated={share === undefined} aria-label="Progress of the report" />
			<Text size="xs" c="dimmed">
				{data?.progress?.text}
			</Text>
		</Stack>
	);
}

type MoreProps = { report: ReportOut; onShare: () => void; onGone: () => void };

function More({ report, onShare, onGone }: MoreProps) {
	const may = useCan("analyst");
	const { act, busy } = useReportDeeds();
	const reports = [report.id];
	const [asking, ask] = useDisclosure(false);
	const button = useRef<HTMLButtonElement>(null);
	if (!may) return null;
	return (
		<>
			<Menu position="bottom-end" shadow="md">
				<Menu.Target>
					<ActionIcon ref={button} variant="default" size={36} aria-label="More" loading={busy}>
						<Ellipsis size={17} />
					</ActionIcon>
				</Menu.Target>
				<Menu.Dropdown>
					<Menu.Item leftSection={<Link2 size={15} />} onClick={onShare}>
						Share by a link
					</Menu.Item>
					<Menu.Item
						leftSection={report.archived ? <ArchiveRestore size={15} /> : <Archive size={15} />}
						onClick={() => act({ kind: report.archived ? "unarchive" : "archive", reports })}
					>
						{report.archived ? "Bring back" : "Archive"}
					</Menu.Item>
					<Menu.Item color="red" leftSection={<Trash2 size={15} />} onClick={ask.open}>
						Delete
					</Menu.Item>
				</Menu.Dropdown>
			</Menu>
			<Confirm
				opened={asking}
				onClose={() => {
					ask.close();
					button.current?.focus({ preventScroll: true });
				}}
				question={`Delete “${report.title}”?`}
				consequence={DELETION}
				yes="Delete"
				onConfirm={() => act({ kind: "delete", reports }, onGone)}
			/>
		</>
	);
}
