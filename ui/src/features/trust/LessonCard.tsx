import { Alert, Badge, Group, Text } from "@mantine/core";
import type { EffectOut, LessonOut, TrustOut } from "@/api/generated/types.gen";
import { plural, sureness } from "@/shared/numbers";
import { AppliedLesson, LearnButton, LessonsCard, Loaded, ProposedLesson } from "./lessons";
import { useAccept, useDecline, useLearn, useLesson, useUndoLesson } from "./queries";
import classes from "./Trust.module.css";
import { better, changesOf, whereTo } from "./words";

/** What was learned from judgements: proposed with all that it would change, applied, or taken back. */
export function LessonCard({ trust, may }: { trust: TrustOut; may: boolean }) {
	const { proposed, applied, readiness } = trust;
	return (
		<LessonsCard
			title="What was learned"
			from={
				<>
					{plural(readiness.yes + readiness.no, "judgement")} to learn from: {readiness.yes} yes,{" "}
					{readiness.no} no{readiness.new > 0 && `; ${readiness.new} new`}
				</>
			}
			learn={may && <Learn trust={trust} />}
		>
			{!trust.reads_sentences && (
				<Alert color="gray">
					The sentence model is not at hand: lessons weigh the signs alone, and know nothing of what a
					sentence is about.
				</Alert>
			)}
			{!trust.has_profile && (
				<Text size="sm" c="dimmed">
					Say in the profile's description what the brand is, in one line: from then on a sentence is compared
					with it.
				</Text>
			)}
			{readiness.missing && !applied && !proposed && (
				<Text size="sm">
					Judge mentions by y and n: {readiness.missing} before there is something to learn.
				</Text>
			)}
			{proposed && <Proposed lesson={proposed} may={may} />}
			{applied && <Applied lesson={applied} may={may} />}
		</LessonsCard>
	);
}

function Learn({ trust: { brand_id, readiness } }: { trust: TrustOut }) {
	const learn = useLearn();
	return (
		<LearnButton
			label="Learn now"
			learning={learn.isPending || readiness.learning}
			missing={readiness.missing}
			learn={(then) => learn.mutate({ path: { brand_id } }, then)}
		/>
	);
}

function Proposed({ lesson, may }: { lesson: LessonOut; may: boolean }) {
	return (
		<ProposedLesson
			lesson={lesson}
			title={changesOf(lesson)}
			check={better(lesson)}
			contradicted="judged both ways"
			does="decides"
			may={may}
			accept={useAccept()}
			decline={useDecline()}
			undo={useUndoLesson()}
			changes={<Effects lesson={lesson.id} />}
		/>
	);
}

const STANDS: Record<EffectOut["standing_after"], { label: string; color: string }> = {
	accepted: { label: "counts", color: "green" },
	doubtful: { label: "put to you", color: "yellow" },
	rejected: { label: "out", color: "red" },
};

function Effects({ lesson }: { lesson: string }) {
	return (
		<Loaded detail={useLesson(lesson)}>
			{(data) => (
				<>
					<Text size="sm" mb="xs">
						{whereTo(data)}
					</Text>
					<ul className={classes.effects}>
						{data.effects.map((effect) => (
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
									{effect.outlet} · {sureness(effect.confidence_before)} → {sureness(effect.confidence_after)}
									{effect.reasons[0] && ` · ${effect.reasons[0].text}`}
								</Text>
							</li>
						))}
					</ul>
					{data.changes > data.effects.length && (
						<Text size="xs">
							The {data.effects.length} greatest changes of {data.changes}.
						</Text>
					)}
				</>
			)}
		</Loaded>
	);
}

function Applied({ lesson, may }: { lesson: LessonOut; may: boolean }) {
	return (
		<AppliedLesson
			lesson={lesson}
			does="decides"
			check={better(lesson)}
			may={may}
			undo={useUndoLesson()}
			undone="Taken back: mentions are again what they were"
		>
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
		</AppliedLesson>
	);
}
