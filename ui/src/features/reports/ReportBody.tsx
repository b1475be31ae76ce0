import { Stack } from "@mantine/core";
import type { ReportDocument } from "@/api/generated/types.gen";
import { later } from "@/shared/later";
import { MentionTable } from "./MentionTable";
import { Outlets } from "./Outlets";
import classes from "./Report.module.css";
import { Care, Findings, HowCounted, type Shows, Tiles } from "./ReportParts";
import { ShareOfVoice } from "./ShareOfVoice";
import { ToneBars } from "./ToneBars";
import { TopStories } from "./TopStories";
import { Volume } from "./Volume";

const TemplatedBody = later(async () => (await import("./TemplatedBody")).TemplatedBody);
const Comparison = later(async () => (await import("./Comparison")).Comparison);

type Props = Shows & { document: ReportDocument; report: string };

export function ReportBody({ document, report, ...shows }: Props) {
	if (document.presentation?.template) {
		return (
			<TemplatedBody document={document} report={report} blocks={document.presentation.blocks} {...shows} />
		);
	}
	return (
		<Stack gap="md" className={classes.report}>
			<Tiles document={document} {...shows} />
			{document.comparison && <Comparison comparison={document.comparison} {...shows} />}
			<Care document={document} />
			<Findings document={document} {...shows} />
			<Volume document={document} report={report} {...shows} />
			<div className={classes.halves}>
				<ShareOfVoice document={document} report={report} {...shows} />
				<ToneBars document={document} report={report} {...shows} />
			</div>
			<div className={classes.halves}>
				<TopStories document={document} {...shows} />
				<Outlets document={document} report={report} {...shows} />
			</div>
			<MentionTable document={document} />
			<HowCounted document={document} />
		</Stack>
	);
}
