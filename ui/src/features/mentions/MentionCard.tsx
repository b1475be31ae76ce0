import { ActionIcon, Badge, Button, Collapse, Group, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Check, ChevronDown, X } from "lucide-react";
import type { Ref } from "react";
import type { FindingOut, MentionOut, OpinionOut } from "@/api/generated/types.gen";
import { useWho } from "@/api/people";
import { BrandChip } from "@/shared/BrandChip";
import { Quote } from "@/shared/Quote";
import { Confidence, Tone, type ToneName } from "@/shared/Tone";
import { Ago } from "@/shared/time";
import { MentionTopics } from "../topics/MentionTopics";
import { ArticleLinks } from "./ArticleLinks";
import classes from "./MentionCard.module.css";
import { SecondOpinion } from "./SecondOpinion";
import { ToneMenu } from "./ToneMenu";
import { Voices } from "./Voices";

const SALIENCE: Record<MentionOut["salience"], string> = {
	title: "named in the title",
	subject: "what the article is about",
	mentioned: "mentioned in the text",
	list: "named in a list",
	boilerplate: "only in the page's furniture",
};

type Props = {
	mention: MentionOut;
	current?: boolean;
	opinion?: OpinionOut | undefined;
	mayAsk?: boolean;
	ref?: Ref<HTMLDivElement> | undefined;
	onJudge?: ((verdict: "yes" | "no") => void) | undefined;
	onWithdraw?: (() => void) | undefined;
	topics?: FindingOut[];
	/** How many mentions of this brand the story has: their tone can be said at once. */
	alike?: number;
	onTone?: ((tone: ToneName | null, all: boolean) => void) | undefined;
};

export function MentionCard({
	mention,
	current,
	opinion,
	mayAsk = false,
	ref,
	onJudge,
	onWithdraw,
	topics = [],
	alike = 1,
	onTone,
}: Props) {
	const [open, reasons] = useDisclosure(false);
	return (
		<div ref={ref} className={classes.card} data-current={current || undefined}>
			<Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
				<Group gap="xs">
					<BrandChip {...mention.brand} />
					{onTone ? (
						<ToneMenu mention={mention} alike={alike} onTone={onTone} />
					) : (
						<Tone tone={mention.tone} />
					)}
					<Text size="xs" c="dimmed">
						{SALIENCE[mention.salience]}
					</Text>
				</Group>
				<Verdict mention={mention} onJudge={onJudge} onWithdraw={onWithdraw} />
			</Group>
			<SaidBy mention={mention} />
			<Quote mention={mention} />
			<Text size="xs" c="dimmed">
				{mention.outlet || mention.site}
			</Text>
			<Voices mention={mention} />
			<MentionTopics findings={topics} may={mayAsk} seen={mention.quote?.text ?? mention.title} />
			<Group justify="space-between" gap="xs">
				<Button
					variant="transparent"
					size="compact-xs"
					px={0}
					aria-expanded={open}
					onClick={reasons.toggle}
					rightSection={<ChevronDown size={13} className={classes.chevron} data-open={open || undefined} />}
				>
					<Confidence value={mention.confidence} />
				</Button>
				<ArticleLinks article={mention.article_id} url={mention.url} mention={mention.id} />
			</Group>
			<Collapse expanded={open}>
				<Reasons mention={mention} />
			</Collapse>
			<SecondOpinion mention={mention} opinion={opinion} may={mayAsk} />
		</div>
	);
}

type Reasoned = Pick<MentionOut, "reasons" | "tone_reasons" | "title" | "quote" | "evidence" | "voices">;

/** The sentence that the reasons are about, where it is another than the one that is quoted. */
export function weighedElsewhere({ title, quote, evidence, voices }: Reasoned): string | null {
	const surest = evidence.find((place) => place.surest);
	const shown = quote ?? { field: "title", start: 0, end: Number.POSITIVE_INFINITY };
	if (!surest || (surest.field === shown.field && surest.start >= shown.start && surest.end <= shown.end))
		return null;
	if (surest.field === "title") return `Told by “${title}”`;
	const voice = voices.find(
		({ quote: { field, start, end } }) => field === "text" && start <= surest.start && surest.end <= end,
	);
	return voice ? `Told by “${voice.quote.text}”` : "Told by another sentence of the article";
}

/** Why we think that it is the brand, and what the tone was read from. */
export function Reasons({ mention }: { mention: Reasoned }) {
	const elsewhere = weighedElsewhere(mention);
	return (
		<ul className={classes.reasons}>
			{elsewhere && (
				<li data-sign="·" dir="auto">
					{elsewhere}
				</li>
			)}
			{mention.reasons.map(({ code, text, weight = 0 }) => (
				<li key={code + text} data-sign={weight < 0 ? "-" : weight > 0 ? "+" : "·"}>
					{text}
				</li>
			))}
			{mention.tone_reasons.map((text) => (
				<li key={text} data-sign="·">
					{text}
				</li>
			))}
		</ul>
	);
}

/** Whose word it is, and who says the contrary. */
function SaidBy({ mention: { judgement, judged_at, judged_by, contrary } }: Pick<Props, "mention">) {
	const who = useWho(judgement !== null);
	if (judgement === null || judged_at === null) return null;
	const others = [...new Set(contrary.map(({ user_id }) => who(user_id)))].join(", ");
	return (
		<div>
			<Text size="xs" c="dimmed" className="sentence">
				{who(judged_by)} said so <Ago at={judged_at} />
			</Text>
			{others && (
				<Text size="xs" fw={600} className="sentence">
					{others} said that it is{judgement === "yes" && " not"}; the word given last counts
				</Text>
			)}
		</div>
	);
}

function Verdict({ mention, onJudge, onWithdraw }: Pick<Props, "mention" | "onJudge" | "onWithdraw">) {
	if (mention.judgement) {
		const yes = mention.judgement === "yes";
		return (
			<Badge
				color={yes ? "green" : "red"}
				style={{ flex: "none" }}
				rightSection={
					onWithdraw && (
						<ActionIcon
							size={20}
							variant="transparent"
							c="inherit"
							aria-label="Take it back"
							onClick={onWithdraw}
						>
							<X size={11} />
						</ActionIcon>
					)
				}
			>
				{yes ? "It is" : "It is not"}
			</Badge>
		);
	}
	if (!onJudge) return null;
	return (
		<Group gap={2} wrap="nowrap">
			<Tooltip label="Not the brand (n)">
				<ActionIcon variant="subtle" color="gray" aria-label="Not the brand" onClick={() => onJudge("no")}>
					<X size={16} />
				</ActionIcon>
			</Tooltip>
			<Tooltip label="It is the brand (y)">
				<ActionIcon variant="subtle" color="gray" aria-label="It is the brand" onClick={() => onJudge("yes")}>
					<Check size={16} />
				</ActionIcon>
			</Tooltip>
		</Group>
	);
}
