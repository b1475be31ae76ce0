import { Alert, Group, Text } from "@mantine/core";
import type { ToneLessonOut, ToneLessonsOut } from "@/api/generated/types.gen";
import { Tone } from "@/shared/Tone";
import { AppliedLesson, LearnButton, LessonsCard, Loaded, ProposedLesson } from "./lessons";
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
		<LessonsCard
			title="What your tones taught"
			from={`Of all brands together: ${saidTones(data)}`}
			learn={may && <Learn known={data} />}
		>
			{missing && !applied && !proposed && (
				<Text size="sm">
					Say the tone of mentions by 1 to 5: {missing} before there is something to learn.
				</Text>
			)}
			{engine === "lexicon" && (
				<Text size="sm" c="dimmed">
					The sentence model is not at hand: what you say corrects the word list, and knows nothing of what a
					sentence is about.
				</Text>
			)}
			{proposed && <Proposed lesson={proposed} may={may} />}
			{keptBack && (
				<Text size="sm">
					Lesson {keptBack.number} is kept back, because it is no better: {toneCheck(keptBack)}
				</Text>
			)}
			{applied && <Applied lesson={applied} may={may} />}
			{applied && idle && (
				<Alert color="gray">
					It was learned for another reader of tone than the one that reads now, and adds nothing. Learn anew.
				</Alert>
			)}
		</LessonsCard>
	);
}

function Learn({ known: { learning, missing } }: { known: ToneLessonsOut }) {
	const learn = useLearnTones();
	return (
		<LearnButton
			label="Learn from tones"
			learning={learn.isPending || learning}
			missing={missing}
			learn={(then) => learn.mutate({}, then)}
		/>
	);
}

function Proposed({ lesson, may }: { lesson: ToneLessonOut; may: boolean }) {
	return (
		<ProposedLesson
			lesson={lesson}
			title={toneChanges(lesson)}
			check={toneCheck(lesson)}
			contradicted="said in two ways"
			does="reads tones"
			may={may}
			accept={useAcceptTones()}
			decline={useDeclineTones()}
			undo={useUndoTones()}
			changes={<Changes lesson={lesson.id} />}
		/>
	);
}

function Changes({ lesson }: { lesson: string }) {
	return (
		<Loaded detail={useToneLesson(lesson)}>
			{({ shown, changes }) =>
				shown.length === 0 ? (
					<Text size="sm">No mention of the last 30 days would be read otherwise.</Text>
				) : (
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
				)
			}
		</Loaded>
	);
}

function Applied({ lesson, may }: { lesson: ToneLessonOut; may: boolean }) {
	return (
		<AppliedLesson
			lesson={lesson}
			does="reads tones"
			check={toneCheck(lesson)}
			may={may}
			undo={useUndoTones()}
			undone="Taken back: tones are read as before"
		/>
	);
}
