import { Anchor, Badge, Group, Stack, Text, Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import type { Evidence, EvidenceMention } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { useCan } from "@/api/session";
import { plural, sureness } from "@/shared/numbers";
import { ShowMore } from "@/shared/ShowMore";
import { PanelBody, SlideOver } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { Tone } from "@/shared/Tone";
import { momentIn } from "@/shared/time";
import classes from "./EvidencePanel.module.css";
import { useEvidence } from "./queries";

type Props = {
	report: string;
	figure: string;
	/** By whose clocks the report counts. */
	zone: string;
	onClose: () => void;
};

/** The mentions behind one number, as they were when the report was made. */
export function EvidencePanel({ report, figure, zone, onClose }: Props) {
	const evidence = useEvidence(report, figure);
	const first = evidence.data?.pages[0];
	return (
		<SlideOver
			title={first?.label ?? "Evidence"}
			about={first && `${behind(first)}, as they were when the report was made`}
			onClose={onClose}
		>
			{evidence.isPending ? (
				<LoadingPanel what="evidence" />
			) : failed(evidence) ? (
				<ProblemPanel error={evidence.error} retry={evidence.refetch} />
			) : (
				<PanelBody>
					<Stack gap={0} component="ul" className={classes.list}>
						{evidence.data.pages
							.flatMap(({ items }) => items)
							.map((mention) => (
								<One key={mention.mention_id} mention={mention} zone={zone} />
							))}
					</Stack>
					{first?.total === 0 && (
						<Text size="sm" c="dimmed">
							Nothing stands behind it: there was no mention.
						</Text>
					)}
					<ShowMore list={evidence} />
				</PanelBody>
			)}
		</SlideOver>
	);
}

/** What stands behind a number: a tile may count stories or outlets, and what is listed are mentions. */
const behind = ({ total, stories, outlets }: Evidence) =>
	total < 2
		? plural(total, "mention")
		: `${plural(total, "mention")} in ${plural(stories, "story", "stories")} of ${plural(outlets, "outlet")}`;

function One({ mention, zone }: { mention: EvidenceMention; zone: string }) {
	const words = mention.quote ?? mention.sentence;
	// The article as fetched is not shared with guests; what was published is everybody's.
	const mayOpen = useCan("viewer");
	return (
		<li className={classes.mention}>
			<Text size="sm" fw={600}>
				{mention.title}
			</Text>
			{words && <blockquote className={classes.words}>{words}</blockquote>}
			<Group gap="xs">
				<Tone tone={mention.tone} />
				<Text size="xs" c="dimmed">
					<bdi>{mention.brand_name}</bdi> · <bdi>{mention.outlet || mention.site}</bdi> ·{" "}
					{momentIn(mention.published_at, zone)} · {sureness(mention.confidence)} sure
				</Text>
				{mention.judgement && (
					<Badge size="sm" color="green">
						Judged
					</Badge>
				)}
				{mention.reprint && (
					<Badge size="sm" color="gray">
						Reprint
					</Badge>
				)}
			</Group>
			<Group gap="md" mt={4}>
				{mayOpen && (
					<Anchor
						size="xs"
						renderRoot={(props) => (
							<Link
								to="/articles/$articleId"
								params={{ articleId: mention.article_id }}
								search={{ mention: mention.mention_id }}
								{...props}
							/>
						)}
					>
						See it in the article
					</Anchor>
				)}
				<Anchor size="xs" href={mention.url} target="_blank" rel="noreferrer noopener">
					Original <ExternalLink size={12} aria-label="opens in a new tab" />
				</Anchor>
				{mention.body_sha256 && (
					<Tooltip label={mention.body_sha256} multiline maw={320} style={{ overflowWrap: "anywhere" }}>
						<Text size="xs" c="dimmed" ff="monospace">
							{mention.body_sha256.slice(0, 10)}…
						</Text>
					</Tooltip>
				)}
			</Group>
		</li>
	);
}
