import { Alert, Button, Card, Collapse, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ToneLessonOut, ToneLessonsOut } from "@/api/generated/types.gen";
import { plural } from "@/shared/numbers";
import { Tone } from "@/shared/Tone";
import { Ago } from "@/shared/time";
import { offerUndo, say } from "@/shared/undo";
import {
	useAcceptTones,
	useDeclineTones,
	useLearnTones,
	useToneLesson,
	useToneLessons,
	useUndoTones,
} from "./queries";
import classes from "./Trust.module.css";
import { saidTones, toneChanges, toneCheck } from "./words";

/** What the tones that people said have taught, for all brands of the organization. */
export function ToneLessonCard({ may }: { may: boolean }) {
	const { data } = useToneLessons();
	if (!data) return null;
	const { applied, latest, missing, engine, idle } = data;
	const proposed = latest?.state === "proposed" ? latest : undefined;
	const keptBack = latest?.state === "kept_back" ? latest : undefined;
	return (
		<Card padding="md" component="section" aria-label="What your tones taught">
			<Stack gap="md">
				<div className={classes.head} style={{ marginBottom: 0 }}>
					<div>
						<Title order={3} size="h5">
							What your tones taught
						</Title>
						<Text size="xs" c="dimmed">
							Of all brands together: {saidTones(data)}
						</Text>
					</div>
					{may && <Learn known={data} />}
				</div>
				{missing && !applied && !proposed && (
					<Text size="sm">
						Say the tone of mentions by 1 to 5: {missing} before there is something to learn.
					</Text>
				)}
				{engine === "lexicon" && (
					<Text size="sm" c="dimmed">
						The sentence model is not at hand: what you say corrects the word list, and knows nothing of what
						a sentence is about.
					</Text>
				)}
				{proposed && <Proposed lesson={proposed} may={may} />}
				{keptBack && (
					<Text size="sm">
						Lesson {keptBack.number} is kept back, because it is no better: {toneCheck(keptBack)}
					</Text>
				)}
				{applied && (
					<>
						<Applied lesson={applied} may={may} />
						{idle && (
							<Alert color="gray">
								It was learned for another reader of tone than the one that reads now, and adds nothing. Learn
								anew.
							</Alert>
						)}
					</>
				)}
			</Stack>
		</Card>
	);
}

function Learn({ known: { learning, missing } }: { known: ToneLessonsOut }) {
	const learn = useLearnTones();
	return (
		<Button
			size="xs"
			variant="light"
			loading={learn.isPending || learning}
			disabled={missing !== null}
			onClick={() =>
				learn.mutate({}, { onSuccess: () => say("Learning; nothing changes before you have seen it") })
			}
		>
			Learn from tones
		</Button>
	);
}

function Proposed({ lesson, may }: { lesson: ToneLessonOut; may: boolean }) {
	const [open, changes] = useDisclosure(false);
	const accept = useAcceptTones();
	const decline = useDeclineTones();
	const undo = useUndoTones();
	const path = { lesson_id: lesson.id };
	return (
		<Alert color="iris" title={`Lesson ${lesson.number}: ${toneChanges(lesson)}`}>
			<Stack gap="sm">
				<Text size="sm">{toneCheck(lesson)}</Text>
				{lesson.conflicts > 0 && (
					<Text size="sm">
						{plural(lesson.conflicts, "sentence was", "sentences were")} said in two ways and left out.
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
												offerUndo(`Lesson ${lesson.number} reads tones now`, () => undo.mutate({ path })),
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
					<Button size="xs" variant="subtle" aria-expanded={open} onClick={changes.toggle}>
						{open ? "Hide what changes" : "Show what changes"}
					</Button>
				</Group>
				<Collapse expanded={open}>{open && <Changes lesson={lesson.id} />}</Collapse>
			</Stack>
		</Alert>
	);
}

function Changes({ lesson }: { lesson: string }) {
	const detail = useToneLesson(lesson);
	if (detail.isPending) return <Skeleton h={80} role="status" aria-label="Loading what changes" />;
	if (detail.isError) return <Text size="sm">What changes could not be loaded.</Text>;
	const { shown, changes } = detail.data;
	if (shown.length === 0)
		return <Text size="sm">No mention of the last 30 days would be read otherwise.</Text>;
	return (
		<>
			<ul className={classes.effects}>
				{shown.map(({ mention_id, sentence, title, outlet, before, after }) => (
					<li key={mention_id}>
						<Group gap={6}>
							<Tone tone={before} />
							<Text size="sm" aria-label="becomes">
								→
							</Text>
							<Tone tone={after} />
						</Group>
						<Text size="sm" lineClamp={3}>
							{sentence || title}
						</Text>
						<Text size="xs">{outlet}</Text>
					</li>
				))}
			</ul>
			{changes > shown.length && (
				<Text size="xs">
					The newest {shown.length} of {changes}.
				</Text>
			)}
		</>
	);
}

function Applied({ lesson, may }: { lesson: ToneLessonOut; may: boolean }) {
	const undo = useUndoTones();
	return (
		<Stack gap="xs">
			<Group justify="space-between" gap="xs">
				<Text size="sm" fw={600}>
					Lesson {lesson.number} reads tones{" "}
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
								{ onSuccess: () => say("Taken back: tones are read as before") },
							)
						}
					>
						Take it back
					</Button>
				)}
			</Group>
			<Text size="sm">{toneCheck(lesson)}</Text>
		</Stack>
	);
}
