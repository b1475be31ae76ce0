import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { History } from "lucide-react";
import { useState } from "react";
import type { ReportDeedOut } from "@/api/generated/types.gen";
import { useWho } from "@/api/people";
import { failed } from "@/api/problems";
import { useCan } from "@/api/session";
import { plural } from "@/shared/numbers";
import { ShowMore } from "@/shared/ShowMore";
import { PanelBody, SlideOver } from "@/shared/SlideOver";
import { Empty, LoadingPanel, ProblemPanel } from "@/shared/states";
import { Ago } from "@/shared/time";
import classes from "../mentions/DeedsPanel.module.css";
import { deedInWords, useReportDeed, useReportDeedsDone, useUndoReportDeed } from "./deeds";

/** So long a deletion can be taken back. */
const KEPT_FOR = 30 * 24 * 3_600_000;

type Props = { onTakeBack: (deed: string) => void; onClose: () => void };

/** What people did to reports, each with the button that takes it back. */
export function ReportDeedsPanel({ onTakeBack, onClose }: Props) {
	const deeds = useReportDeedsDone();
	const items = deeds.data?.pages.flatMap((page) => page.items) ?? [];
	return (
		<SlideOver title="What was done" about="Tagged, put away, deleted" onClose={onClose}>
			{deeds.isPending ? (
				<LoadingPanel what="deeds" />
			) : failed(deeds) ? (
				<ProblemPanel error={deeds.error} retry={deeds.refetch} />
			) : (
				<PanelBody>
					{items.length === 0 ? (
						<Empty icon={History} title="Nothing yet">
							What you do to reports stands here, and can be taken back: a deletion for 30 days, all else for
							ever.
						</Empty>
					) : (
						<ul className={classes.list}>
							{items.map((deed) => (
								<Done key={deed.id} deed={deed} onTakeBack={onTakeBack} />
							))}
						</ul>
					)}
					<ShowMore list={deeds} />
				</PanelBody>
			)}
		</SlideOver>
	);
}

function Done({ deed, onTakeBack }: { deed: ReportDeedOut } & Pick<Props, "onTakeBack">) {
	const undo = useUndoReportDeed();
	const who = useWho(true);
	const may = useCan("analyst");
	const [failures, setFailures] = useState(false);
	const over = deed.kind === "delete" && Date.now() - Date.parse(deed.created_at) > KEPT_FOR;
	const [first, ...more] = deed.titles ?? [];
	return (
		<li>
			<Group justify="space-between" wrap="nowrap" align="flex-start">
				<div>
					<Text size="sm" className="sentence">
						{deedInWords(deed)}
					</Text>
					{first && more.length > 0 && (
						<Text size="xs" className="sentence">
							{[first, ...more].map((title) => `“${title}”`).join(", ")}
							{deed.changed > more.length + 1 && " and others"}
						</Text>
					)}
					<Text size="xs" c="dimmed" className="sentence">
						{who(deed.user_id)} <Ago at={deed.created_at} />
					</Text>
				</div>
				{deed.undone_at ? (
					<Badge color="gray">Taken back</Badge>
				) : over ? (
					<Badge color="gray">Gone for good</Badge>
				) : (
					may && (
						<Button
							size="compact-sm"
							variant="default"
							style={{ flexShrink: 0 }}
							loading={undo.isPending}
							onClick={() => {
								onTakeBack(deed.id);
								undo.mutate(deed.id);
							}}
						>
							Take back
						</Button>
					)
				)}
			</Group>
			{deed.failed > 0 && (
				<Button size="compact-xs" variant="subtle" color="gray" px={0} onClick={() => setFailures(!failures)}>
					{failures ? "Hide" : "Show"} what could not be: {plural(deed.failed, "report")}
				</Button>
			)}
			{failures && <Failures id={deed.id} />}
		</li>
	);
}

function Failures({ id }: { id: string }) {
	const deed = useReportDeed(id);
	if (!deed.data) return null;
	return (
		<Stack gap={2}>
			{deed.data.problems.map(({ report_id, problem }) => (
				<Text key={report_id} size="xs">
					{report_id.slice(-6)}: {problem}
				</Text>
			))}
		</Stack>
	);
}
