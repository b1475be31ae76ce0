import { Anchor, Badge, Button, Card, Group, Kbd, Progress, Skeleton, Stack, Text } from "@mantine/core";
import { ArrowLeft, Check, CircleHelp, X } from "lucide-react";
import { useState } from "react";
import type { MentionOut, NewAnswer, SampleItemOut, SampleOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { useKeys } from "@/shared/keys";
import { Quote } from "@/shared/Quote";
import { PanelBody, PanelFoot } from "@/shared/SlideOver";
import { Characters, pieces } from "@/shared/spans";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { TONES, Tone, type ToneName } from "@/shared/Tone";
import { moment } from "@/shared/time";
import { useAnswer, useMention, useSample, useWithdrawAnswer } from "./queries";
import classes from "./Trust.module.css";

/** Characters shown on each side of the name. */
const AROUND = 260;

type Props = { brand: string; name: string; onBack: () => void };
type Answer = NewAnswer["answer"];

/** The sampled mentions one by one. What the machine believed is not shown, so that it sways nobody. */
export function SampleDeck({ brand, name, onBack }: Props) {
	const sample = useSample(brand);
	if (sample.isPending) return <LoadingPanel what="sample" />;
	if (failed(sample)) return <ProblemPanel error={sample.error} retry={sample.refetch} />;
	return <Deck sample={sample.data} name={name} onBack={onBack} />;
}

const NAMES = Object.keys(TONES) as ToneName[];

const SAID: Record<Answer, { label: string; color: string }> = {
	yes: { label: "It is", color: "green" },
	no: { label: "It is not", color: "red" },
	unsure: { label: "Not sure", color: "gray" },
};

function Deck({ sample, name, onBack }: { sample: SampleOut; name: string; onBack: () => void }) {
	const { mentions } = sample;
	const [at, setAt] = useState(() =>
		Math.max(
			0,
			mentions.findIndex(({ answer }) => !answer),
		),
	);
	const answer = useAnswer();
	const withdraw = useWithdrawAnswer();
	const item = mentions[at];
	const give = (said: Answer, tone: ToneName | null = null) => {
		if (!item) return;
		answer.mutate({ path: { sampled_id: item.id }, body: { answer: said, tone } });
		setAt(at + 1);
	};
	const undo = () => {
		const before = mentions[at - 1];
		if (!before) return;
		withdraw.mutate({ path: { sampled_id: before.id } });
		setAt(at - 1);
	};
	useKeys({
		y: () => give("yes"),
		n: () => give("no"),
		m: () => give("unsure"),
		u: undo,
		...Object.fromEntries(NAMES.map((tone, key) => [`${key + 1}`, () => give("yes", tone)])),
	});
	return (
		<>
			<PanelBody>
				<Stack gap="md">
					<Group justify="space-between" wrap="nowrap">
						<Button variant="subtle" size="compact-sm" leftSection={<ArrowLeft size={15} />} onClick={onBack}>
							Trust
						</Button>
						<Text size="sm" c="dimmed" className="numeric">
							{Math.min(at + 1, mentions.length)} of {mentions.length}
						</Text>
					</Group>
					<Progress
						value={(100 * at) / Math.max(mentions.length, 1)}
						size="sm"
						aria-label="Mentions checked"
					/>
					{item ? (
						<>
							<Sampled item={item} name={name} />
							<Group gap={6} role="group" aria-label="If it is: how does it speak of the brand?">
								<Text size="sm" c="dimmed" w="100%">
									If it is, say at once how it speaks of {name}: that measures how often tone is read right.
								</Text>
								{NAMES.map((tone, key) => (
									<Button
										key={tone}
										variant="default"
										size="compact-sm"
										rightSection={<Kbd className={classes.key}>{key + 1}</Kbd>}
										onClick={() => give("yes", tone)}
									>
										<Tone tone={tone} />
									</Button>
								))}
							</Group>
						</>
					) : (
						<Done onBack={onBack} onUndo={undo} />
					)}
				</Stack>
			</PanelBody>
			{item && (
				<PanelFoot>
					<Button
						className={classes.say}
						variant="subtle"
						color="gray"
						mr="auto"
						disabled={at === 0}
						onClick={undo}
					>
						Undo
					</Button>
					<Button
						className={classes.say}
						variant="default"
						leftSection={<CircleHelp size={16} />}
						rightSection={<Kbd className={classes.key}>m</Kbd>}
						onClick={() => give("unsure")}
					>
						Not sure
					</Button>
					<Button
						className={classes.say}
						variant="default"
						leftSection={<X size={16} />}
						rightSection={<Kbd className={classes.key}>n</Kbd>}
						onClick={() => give("no")}
					>
						No
					</Button>
					<Button
						className={classes.say}
						variant="default"
						leftSection={<Check size={16} />}
						rightSection={<Kbd className={classes.key}>y</Kbd>}
						onClick={() => give("yes")}
					>
						Yes
					</Button>
				</PanelFoot>
			)}
		</>
	);
}

function Sampled({ item: { mention, answer, tone }, name }: { item: SampleItemOut; name: string }) {
	return (
		<Card padding="md">
			<Stack gap="xs">
				<Group gap="xs">
					<Text size="sm" c="dimmed">
						Is this {name}?
					</Text>
					{answer && <Badge color={SAID[answer].color}>{SAID[answer].label}</Badge>}
					{tone && <Tone tone={tone} />}
				</Group>
				<Text fw={600}>{mention.title}</Text>
				<Passage mention={mention} />
				<Text size="xs" c="dimmed">
					{mention.outlet || mention.site} · {moment(mention.published_at)} ·{" "}
					<Anchor href={mention.url} target="_blank" rel="noreferrer noopener" size="xs" underline="always">
						original
					</Anchor>
				</Text>
			</Stack>
		</Card>
	);
}

/** The words around the first place where the name stands in the text; of a title alone there is no more to show. */
function Passage({ mention }: { mention: MentionOut }) {
	const detail = useMention(mention.id);
	if (detail.isPending) return <Skeleton h={72} role="status" aria-label="Loading the passage" />;
	const window = detail.data?.window;
	const places = mention.evidence.filter(({ field }) => field === "text");
	const first = places[0];
	if (!window || !first) return <Quote mention={mention} />;
	const from = Math.max(window.start, first.start - AROUND);
	const text = new Characters(window.text).slice(from - window.start, first.end + AROUND - window.start);
	const { length } = new Characters(text);
	const spans = places.map(({ start, end }) => ({ start: start - from, end: end - from, of: true }));
	return (
		<p className={classes.passage} dir="auto">
			{from > 0 && "… "}
			{pieces(
				text,
				spans.filter(({ start, end }) => start >= 0 && end <= length),
			).map(({ text: said, start, of }) => (of ? <mark key={start}>{said}</mark> : said))}
			{from + length < window.length && " …"}
		</p>
	);
}

function Done({ onBack, onUndo }: { onBack: () => void; onUndo: () => void }) {
	return (
		<Card padding="lg">
			<Stack gap="sm">
				<Text fw={600}>Thank you</Text>
				<Text size="sm" c="dimmed">
					The figures under Trust are new. The next sample is drawn on Monday.
				</Text>
				<Group gap="xs">
					<Button onClick={onBack} autoFocus>
						See the figures
					</Button>
					<Button variant="subtle" color="gray" onClick={onUndo}>
						Undo the last
					</Button>
				</Group>
			</Stack>
		</Card>
	);
}
