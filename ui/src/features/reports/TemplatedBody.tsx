import { Card, Stack, Table, Text, Title } from "@mantine/core";
import type { ReportDocument } from "@/api/generated/types.gen";
import { count } from "@/shared/numbers";
import type { Block } from "./blocks";
import { Comparison } from "./Comparison";
import { changed, interval, shown } from "./figures";
import { MentionTable } from "./MentionTable";
import { Outlets } from "./Outlets";
import classes from "./Report.module.css";
import { Care, Findings, HowCounted, type Shows, Tiles } from "./ReportParts";
import { ShareOfVoice } from "./ShareOfVoice";
import { Summary } from "./Summary";
import { ToneBars } from "./ToneBars";
import { TopicTable } from "./TopicTable";
import { TopStories } from "./TopStories";
import { Volume } from "./Volume";

type Props = Shows & { document: ReportDocument; report: string; blocks: readonly Block[] };

/** A report by the blocks of its template, in their order. */
export function TemplatedBody({ document, report, blocks, ...shows }: Props) {
	const cares = blocks.some(({ kind }) => kind === "care");
	return (
		<Stack gap="md" className={classes.report}>
			{inRows(blocks).map((row, at) =>
				row.length === 2 ? (
					// biome-ignore lint/suspicious/noArrayIndexKey: a report never changes
					<div key={at} className={classes.halves}>
						{row.map((block, place) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: a report never changes
							<One key={place} block={block} document={document} report={report} {...shows} />
						))}
					</div>
				) : (
					row[0] && (
						// biome-ignore lint/suspicious/noArrayIndexKey: a report never changes
						<One key={at} block={row[0]} document={document} report={report} {...shows} />
					)
				),
			)}
			{!cares && <Care document={document} />}
			<HowCounted document={document} />
		</Stack>
	);
}

/** Neighbours that are half as wide stand together. */
function inRows(blocks: readonly Block[]): Block[][] {
	const rows: Block[][] = [];
	const half = (block: Block | undefined) => Boolean(block && "half" in block && block.half);
	for (const block of blocks) {
		const last = rows.at(-1);
		if (half(block) && last?.length === 1 && half(last[0])) last.push(block);
		else rows.push([block]);
	}
	return rows;
}

type OneProps = Shows & { block: Block; document: ReportDocument; report: string };

function One({ block, document, report, ...shows }: OneProps) {
	const all = { document, report, ...shows };
	switch (block.kind) {
		case "text":
			return <Words heading={block.heading ?? ""} text={block.text ?? ""} />;
		case "figures":
			return <Tiles document={document} which={block.which} {...shows} />;
		case "comparison":
			return document.comparison ? <Comparison comparison={document.comparison} {...shows} /> : null;
		case "chart":
			if (block.chart === "share") return <ShareOfVoice {...all} />;
			if (block.chart === "tone") return <ToneBars {...all} />;
			return block.chart === "outlets" ? <Outlets {...all} /> : <Volume {...all} />;
		case "findings":
			return <Findings document={document} {...shows} />;
		case "share_of_voice":
			return <Voices document={document} {...shows} />;
		case "summary":
			return document.summary ? <Summary summary={document.summary} {...shows} /> : null;
		case "care":
			return <Care document={document} />;
		case "story_list": {
			const { most = 10, tones = [], quotes = true, heading } = block;
			const stories = document.stories.filter(({ tone }) => tones.length === 0 || tones.includes(tone));
			return (
				<TopStories
					document={{ ...document, stories: stories.slice(0, most) }}
					heading={heading}
					quotes={quotes}
					{...shows}
				/>
			);
		}
		case "outlets":
			return <Outlets {...all} most={block.most} />;
		case "topics":
			return document.topics ? <TopicTable topics={document.topics} block={block} {...shows} /> : null;
		case "mention_list":
			return <Mentions document={document} block={block} />;
		default:
			return null;
	}
}

function Words({ heading, text }: { heading: string; text: string }) {
	const paragraphs = text.split("\n\n").filter((paragraph) => paragraph.trim());
	if (!heading && paragraphs.length === 0) return null;
	return (
		<section>
			{heading && (
				<Title order={2} size="h5" mb="xs" dir="auto">
					{heading}
				</Title>
			)}
			{paragraphs.map((paragraph, at) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a report never changes
				<Text key={at} size="sm" mb="xs" maw="70ch" dir="auto" style={{ overflowWrap: "anywhere" }}>
					{paragraph}
				</Text>
			))}
		</section>
	);
}

function Mentions({
	document,
	block,
}: {
	document: ReportDocument;
	block: Extract<Block, { kind?: "mention_list" }>;
}) {
	const { most = 100, tones = [], copies = true, whose = "subject", heading } = block;
	const subjects = new Set(document.brands.filter(({ subject }) => subject).map(({ id }) => id));
	const mentions = document.mentions
		.filter(
			({ brand_id, tone, reprint }) =>
				(whose === "all" || subjects.has(brand_id) === (whose === "subject")) &&
				(tones.length === 0 || tones.includes(tone)) &&
				(copies || !reprint),
		)
		.slice(0, most);
	const everything = whose === "subject" && tones.length === 0 && copies;
	return (
		<MentionTable
			document={{ ...document, mentions, ...(!everything && { mentions_in_all: mentions.length }) }}
			heading={heading}
		/>
	);
}

function Voices({ document, onFigure }: Shows & { document: ReportDocument }) {
	return (
		<Card padding="lg">
			<Title order={2} size="h5" mb={4}>
				Share of voice
			</Title>
			<Text size="xs" c="dimmed" mb="sm">
				Of {count(document.share.out_of)} stories; one that names two brands counts for each
			</Text>
			<div className={classes.scrolls}>
				<Table fz="sm">
					<Table.Thead>
						<Table.Tr>
							<Table.Th>Brand</Table.Th>
							<Table.Th ta="right">Stories</Table.Th>
							<Table.Th ta="right">Share</Table.Th>
							<Table.Th ta="right">90 % sure between</Table.Th>
							<Table.Th ta="right">Change</Table.Th>
						</Table.Tr>
					</Table.Thead>
					<Table.Tbody>
						{document.share.rows.map(({ brand_id, stories, share }) => (
							<Table.Tr key={brand_id}>
								<Table.Td>{document.brands.find(({ id }) => id === brand_id)?.name}</Table.Td>
								<Table.Td ta="right" className="numeric">
									<button
										type="button"
										className={classes.finding}
										onClick={() => onFigure(share.evidence)}
										data-keeps-panel
									>
										{count(stories)}
									</button>
								</Table.Td>
								<Table.Td ta="right" className="numeric">
									{shown(share)}
								</Table.Td>
								<Table.Td ta="right" className="numeric">
									{interval(share) ?? "not enough"}
								</Table.Td>
								<Table.Td ta="right" className="numeric">
									{changed(share) ?? "–"}
								</Table.Td>
							</Table.Tr>
						))}
					</Table.Tbody>
				</Table>
			</div>
		</Card>
	);
}
