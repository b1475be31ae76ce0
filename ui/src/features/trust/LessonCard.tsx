import { Alert, Badge, Button, Card, Collapse, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { EffectOut, LessonOut, TrustOut } from "@/api/generated/types.gen";
import { percent, plural } from "@/shared/numbers";
import { Ago } from "@/shared/time";
import { offerUndo, say } from "@/shared/undo";
import { useAccept, useDecline, useLearn, useLesson, useUndoLesson } from "./queries";
import classes from "./Trust.module.css";
import { better, changesOf, whereTo } from "./words";

/** What was learned from judgements: proposed with all that it would change, applied, or taken back. */
export function LessonCard({ trust, may }: { trust: TrustOut; may: boolean }) {
	const { proposed, applied, readiness } = trust;
	return (
		<Card padding="md" component="section" aria-label="What was learned">
			<Stack gap="md">
				<div className={classes.head} style={{ marginBottom: 0 }}>
					<div>
						<Title order={3} size="h5">
							What was learned
						</Title>
						<Text size="xs" c="dimmed">
							{plural(readiness.yes + readiness.no, "judgement")} to learn from: {readiness.yes} yes,{" "}
							{readiness.no} no{readiness.new > 0 && `; ${readiness.new} new`}
						</Text>
					</div>
					{may && <Learn trust={trust} />}
				</div>
				{!trust.reads_sentences && (
					<Alert color="gray">
						The sentence model is not at hand: lessons weigh the signs alone, and know nothing of what a
						sentence is about.
					</Alert>
				)}
				{!trust.has_profile && (
					<Text size="sm" c="dimmed">
						Say in the profile's description what the brand is, in one line: from then on a sentence is
						compared with it.
					</Text>
				)}
				{readiness.missing && !applied && !proposed && (
					<Text size="sm">
						Judge mentions by y and n: {readiness.missing} before there is something to learn.
					</Text>
				)}
				{proposed && <Proposed lesson={proposed} may={may} />}
				{applied && <Applied lesson={applied} may={may} />}
			</Stack>
		</Card>
	);
}

function Learn({ trust: { brand_id, readiness } }: { trust: TrustOut }) {
	const learn = useLearn();
	return (
		<Button
			size="xs"
			variant="light"
			loading={learn.isPending || readiness.learning}
			disabled={readiness.missing !== null}
			onClick={() =>
				learn.mutate(
					{ path: { brand_id } },
					{ onSuccess: () => say("Learning; nothing changes before you have seen it") },
				)
			}
		>
			Learn now
		</Button>
	);
}

function Proposed({ lesson, may }: { lesson: LessonOut; may: boolean }) {
	const [open, effects] = useDisclosure(false);
	const accept = useAccept();
	const decline = useDecline();
	const undo = useUndoLesson();
	const path = { lesson_id: lesson.id };
	return (
		<Alert
			color="iris"
			title={
				<>
					Lesson {lesson.number}: {changesOf(lesson)}
				</>
			}
		>
			<Stack gap="sm">
				<Text size="sm">{better(lesson)}</Text>
				{lesson.conflicts > 0 && (
					<Text size="sm">
						{plural(lesson.conflicts, "sentence was", "sentences were")} judged both ways and left out.
					</Text>
				)}
				<Group gap="xs">
					{may && (
						<>
							<Button
								size="xs"
								loading={accept.isPending}
								onClick={() =>
									accept.mutate(
										{ path },
										{
											onSuccess: () =>
												offerUndo(`Lesson ${lesson.number} decides now`, () => undo.mutate({ path })),
										},
									)
								}
							>
								Apply
							</Button>
							<Button
								size="xs"
								variant="default"
								loading={decline.isPending}
								onClick={() => decline.mutate({ path }, { onSuccess: () => say("Left as it was") })}
							>
								Leave as it is
							</Button>
						</>
					)}
					<Button size="xs" variant="subtle" aria-expanded={open} onClick={effects.toggle}>
						{open ? "Hide what changes" : "Show what changes"}
					</Button>
				</Group>
				<Collapse expanded={open}>{open && <Effects lesson={lesson.id} />}</Collapse>
			</Stack>
		</Alert>
	);
}

const STANDS: Record<EffectOut["standing_after"], { label: string; color: string }> = {
	accepted: { label: "counts", color: "green" },
	doubtful: { label: "put to you", color: "yellow" },
	rejected: { label: "out", color: "red" },
};

function Effects({ lesson }: { lesson: string }) {
	const detail = useLesson(lesson);
	if (detail.isPending) return <Skeleton h={80} role="status" aria-label="Loading what changes" />;
	if (detail.isError) return <Text size="sm">What changes could not be loaded.</Text>;
	return (
		<>
			<Text size="sm" mb="xs">
				{whereTo(detail.data)}
			</Text>
			<ul className={classes.effects}>
				{detail.data.effects.map((effect) => (
					<li key={effect.mention_id}>
						<Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
							<Text size="sm" lineClamp={2}>
								{effect.title}
							</Text>
							<Badge color={STANDS[effect.standing_after].color} style={{ flex: "none" }}>
								{STANDS[effect.standing_after].label}
							</Badge>
						</Group>
						<Text size="xs">
							{effect.outlet} · {percent(effect.confidence_before)} → {percent(effect.confidence_after)}
							{effect.reasons[0] && ` · ${effect.reasons[0].text}`}
						</Text>
					</li>
				))}
			</ul>
			{detail.data.changes > detail.data.effects.length && (
				<Text size="xs">
					The {detail.data.effects.length} greatest changes of {detail.data.changes}.
				</Text>
			)}
		</>
	);
}

function Applied({ lesson, may }: { lesson: LessonOut; may: boolean }) {
	const undo = useUndoLesson();
	return (
		<Stack gap="xs">
			<Group justify="space-between" gap="xs">
				<Text size="sm" fw={600}>
					Lesson {lesson.number} decides{" "}
					{lesson.decided_at && (
						<Text span size="xs" c="dimmed" fw={400}>
							since <Ago at={lesson.decided_at} />
						</Text>
					)}
				</Text>
				{may && (
					<Button
						size="xs"
						variant="subtle"
						loading={undo.isPending}
						onClick={() =>
							undo.mutate(
								{ path: { lesson_id: lesson.id } },
								{ onSuccess: () => say("Taken back: mentions are again what they were") },
							)
						}
					>
						Take it back
					</Button>
				)}
			</Group>
			<Text size="sm">{better(lesson)}</Text>
			<ul className={classes.examples}>
				{lesson.signs.map(({ text, weight }) => (
					<li key={text} data-sign={weight > 0 ? "+" : "−"}>
						<span className="sentence">{text}</span>
					</li>
				))}
				{lesson.examples.map(({ mention_id, verdict, text }) => (
					<li key={mention_id} data-sign={verdict === "yes" ? "+" : "−"}>
						<span>like “{text}”</span>
					</li>
				))}
			</ul>
		</Stack>
	);
}
