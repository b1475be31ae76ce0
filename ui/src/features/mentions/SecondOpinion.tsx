import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { Scale } from "lucide-react";
import { useEffect, useState } from "react";
import type { MentionOut, OpinionOut } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { money } from "@/shared/money";
import { Tone } from "@/shared/Tone";
import { Ago } from "@/shared/time";
import { complain } from "@/shared/undo";
import { useAskOpinion } from "./queries";
import classes from "./SecondOpinion.module.css";

type Props = { mention: MentionOut; opinion: OpinionOut | undefined; may: boolean };

const PATIENCE = 120_000;
const VERDICTS: Record<OpinionOut["verdict"], { label: string; color: string }> = {
	yes: { label: "It is the brand", color: "green" },
	no: { label: "It is not the brand", color: "red" },
	unsure: { label: "Cannot tell", color: "gray" },
};

/** What a model, or the embedded analysis in its place, makes of a mention: advice with its evidence. A person decides. */
export function SecondOpinion({ mention, opinion, may }: Props) {
	const ask = useAskOpinion();
	const [asked, setAsked] = useState<{ over: string | undefined }>();
	const doubtful = mention.standing === "doubtful" && !mention.judgement;
	const waits = ask.isPending || (asked !== undefined && asked.over === opinion?.created_at);
	useEffect(() => {
		if (!asked) return;
		// What takes longer is seen under Jobs, and comes here by itself.
		const patience = setTimeout(() => setAsked(undefined), PATIENCE);
		return () => clearTimeout(patience);
	}, [asked]);
	const button = may && (doubtful || opinion) && (
		<Button
			variant="subtle"
			size="compact-xs"
			leftSection={<Scale size={13} />}
			loading={waits}
			onClick={() =>
				ask.mutate(
					{ path: { mention_id: mention.id } },
					{
						onSuccess: () => setAsked({ over: opinion?.created_at }),
						onError: (error) => complain(sentence(error)),
					},
				)
			}
		>
			{opinion ? "Ask again" : "Second opinion"}
		</Button>
	);
	if (!opinion) return button || null;
	const { label, color } = VERDICTS[opinion.verdict];
	return (
		<article className={classes.opinion} aria-label="Second opinion">
			<Stack gap={6}>
				<Group gap="xs" justify="space-between">
					<Group gap="xs">
						<Badge color={color} variant="light">
							{label}
						</Badge>
						<Tone tone={opinion.tone} />
					</Group>
					{button}
				</Group>
				{opinion.because.length > 0 && (
					<Text size="xs" className="sentence">
						{opinion.because.join("; ")}.
					</Text>
				)}
				{opinion.quotes.map(({ kind, field, start, text }) => (
					<blockquote key={`${kind} ${field} ${start}`} className={classes.quote} dir="auto">
						{text}
						<Text size="xs" c="dimmed" component="span" display="block">
							{kind === "tone" ? "for the tone" : "for who is meant"}
							{field === "title" && ", in the title"}
						</Text>
					</blockquote>
				))}
				{opinion.instead_because && (
					<Text size="xs" c="dimmed" className="sentence">
						No model answered: {opinion.instead_because}
					</Text>
				)}
				<Text size="xs" c="dimmed">
					{source(opinion)} · <Ago at={opinion.created_at} />
				</Text>
			</Stack>
		</article>
	);
}

function source({ engine, model, cost_micros, cached, dropped }: OpinionOut): string {
	if (engine === "embedded") return "Embedded analysis";
	const cost = cached ? "kept from before" : cost_micros === null ? "cost unknown" : money(cost_micros);
	const left = dropped > 0 && `${dropped} quotation${dropped === 1 ? "" : "s"} not in the article left out`;
	return [model, cost, left].filter(Boolean).join(" · ");
}
