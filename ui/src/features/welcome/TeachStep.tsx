import {
	ActionIcon,
	Button,
	Card,
	Group,
	Kbd,
	Progress,
	Skeleton,
	Stack,
	Text,
	Title,
	Tooltip,
} from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Check, Undo2, X } from "lucide-react";
import { useState } from "react";
import { listRunsOptions } from "@/api/generated/@tanstack/react-query.gen";
import { judgeMention, listMentions, withdrawJudgement } from "@/api/generated/sdk.gen";
import type { MentionOut } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { BrandChip } from "@/shared/BrandChip";
import { useKeys } from "@/shared/keys";
import { plural } from "@/shared/numbers";
import { Quote } from "@/shared/Quote";
import { ProblemPanel } from "@/shared/states";
import { Confidence } from "@/shared/Tone";
import { moment } from "@/shared/time";
import { complain } from "@/shared/undo";
import classes from "./Welcome.module.css";

const CARDS = 10;
const LOOK_EVERY = 2_000;

/** The doubtful ones first, then what is least sure; one of a story is enough. */
async function cards(signal: AbortSignal): Promise<MentionOut[]> {
	const doubtful = await listMentions({
		query: { standing: "doubtful", limit: 50 },
		signal,
		throwOnError: true,
	});
	const accepted = await listMentions({
		query: { standing: "accepted", limit: 50 },
		signal,
		throwOnError: true,
	});
	const sure = accepted.data.items.toSorted((a, b) => a.confidence - b.confidence);
	const found = new Map<string, MentionOut>();
	for (const mention of [...doubtful.data.items, ...sure]) {
		const key = `${mention.story_id} ${mention.brand.id}`;
		if (!mention.judgement && !found.has(key)) found.set(key, mention);
	}
	return [...found.values()].slice(0, CARDS);
}

export function TeachStep({ onDone }: { onDone: () => void }) {
	const [deck, setDeck] = useState<MentionOut[]>([]);
	const full = deck.length >= CARDS;
	const runs = useQuery({
		...listRunsOptions({ query: { active: true, limit: 20 } }),
		refetchInterval: full ? false : LOOK_EVERY,
	});
	const reading = runs.data?.items.some(({ state }) => state === "queued" || state === "running") ?? true;
	const asked = useQuery({
		queryKey: [{ _id: "cardsToTeach" }],
		queryFn: ({ signal }) => cards(signal),
		refetchInterval: reading && !full ? LOOK_EVERY : false,
		gcTime: 0,
	});
	// Cards are only added: what was answered stays where it was, for undo.
	const fresh = asked.data?.filter(({ id }) => !deck.some((card) => card.id === id)) ?? [];
	if (!full && fresh.length > 0) setDeck([...deck, ...fresh].slice(0, CARDS));

	if (failed(asked)) return <ProblemPanel error={asked.error} retry={asked.refetch} />;
	if (asked.isPending) return <Skeleton h={320} radius="lg" role="status" aria-label="Loading cards" />;
	return <Cards mentions={deck} reading={reading && !full} onDone={onDone} />;
}

type CardsProps = { mentions: MentionOut[]; reading: boolean; onDone: () => void };

function Cards({ mentions, reading, onDone }: CardsProps) {
	const [at, setAt] = useState(0);
	const judge = useMutation({
		mutationFn: async ({ mention, verdict }: { mention: MentionOut; verdict: "yes" | "no" | null }) => {
			const path = { mention_id: mention.id };
			if (verdict) await judgeMention({ path, body: { verdict }, throwOnError: true });
			else await withdrawJudgement({ path, throwOnError: true });
		},
		onError: (error) => complain(sentence(error)),
	});
	const mention = mentions[at];
	const answer = (verdict: "yes" | "no") => {
		if (!mention) return;
		judge.mutate({ mention, verdict });
		setAt(at + 1);
	};
	const undo = () => {
		const before = mentions[at - 1];
		if (!before) return;
		judge.mutate({ mention: before, verdict: null });
		setAt(at - 1);
	};
	useKeys({ y: () => answer("yes"), n: () => answer("no"), u: undo });

	if (!mention) {
		const words = ended(mentions.length, reading);
		return (
			<Card p={{ base: "md", xs: "xl" }} className={classes.card}>
				<Stack gap="lg">
					<div>
						<Title order={1}>{words.title}</Title>
						<Text c="dimmed" size="sm" role="status">
							{words.text}
						</Text>
					</div>
					{reading && <Progress value={100} animated aria-label="Still reading" />}
					<Group justify={mentions.length > 0 ? "space-between" : "flex-end"}>
						{mentions.length > 0 && (
							<Button variant="subtle" color="gray" onClick={undo}>
								Undo the last
							</Button>
						)}
						<Button variant={reading ? "default" : "filled"} onClick={onDone} autoFocus>
							To the first report
						</Button>
					</Group>
				</Stack>
			</Card>
		);
	}
	return (
		<Card p={{ base: "md", xs: "xl" }}>
			<Stack gap="lg">
				<Group justify="space-between" wrap="nowrap" align="flex-start">
					<div>
						<Title order={1}>Teach me</Title>
						<Text c="dimmed" size="sm">
							Is it your brand?{" "}
							<span className={classes.keys}>
								One key each: <Kbd>y</Kbd> or <Kbd>n</Kbd>, <Kbd>u</Kbd> to undo.
							</span>
						</Text>
					</div>
					<Group gap={6} wrap="nowrap">
						{/* It stays at the first card, or who pressed it there would lose their place. */}
						<Tooltip label="Undo the last">
							<ActionIcon
								variant="subtle"
								color="gray"
								onClick={undo}
								aria-label="Undo the last"
								aria-disabled={at === 0}
								data-disabled={at === 0 || undefined}
							>
								<Undo2 size={17} />
							</ActionIcon>
						</Tooltip>
						<Text size="sm" c="dimmed" className="numeric" style={{ whiteSpace: "nowrap" }}>
							{at + 1} of {mentions.length}
						</Text>
					</Group>
				</Group>
				<Progress value={(100 * at) / mentions.length} size="sm" aria-label="Cards answered" />
				<div aria-live="polite">
					<Stack key={mention.id} gap="xs" className={classes.card} mih={150}>
						<Group gap="xs">
							<BrandChip {...mention.brand} />
							<Confidence value={mention.confidence} />
						</Group>
						<Text fw={600}>{mention.title}</Text>
						<Quote mention={mention} />
						<Text size="xs" c="dimmed">
							<bdi>{mention.outlet || mention.site}</bdi> · {moment(mention.published_at)}
						</Text>
						{mention.reasons[0] && (
							<Text size="xs" c="dimmed" className="sentence">
								{mention.reasons[0].text}
							</Text>
						)}
					</Stack>
				</div>
				<Group justify="space-between">
					<Button variant="subtle" color="gray" onClick={onDone}>
						Enough
					</Button>
					<Group gap="sm">
						<Button variant="default" size="md" leftSection={<X size={17} />} onClick={() => answer("no")}>
							No
						</Button>
						<Button size="md" leftSection={<Check size={17} />} onClick={() => answer("yes")}>
							Yes
						</Button>
					</Group>
				</Group>
			</Stack>
		</Card>
	);
}

function ended(answers: number, reading: boolean): { title: string; text: string } {
	if (reading) {
		return {
			title: answers === 0 ? "Still reading…" : "A moment…",
			text: "Cards come as soon as the first mentions are found.",
		};
	}
	if (answers === 0) {
		return {
			title: "Nothing to ask yet",
			text: "When the hound is not sure whether a text means your brand, it asks under Stories, Doubtful.",
		};
	}
	return {
		title: "Thank you",
		text: `${plural(answers, "answer")} kept. Whenever it is not sure, it asks under Stories, Doubtful.`,
	};
}
