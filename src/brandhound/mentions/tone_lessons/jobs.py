"""Jobs: learn from the tones that people said, and read tones again when what was learned is accepted or taken back."""

from datetime import timedelta

from brandhound.core.clock import now
from brandhound.core.db import Db
from brandhound.core.wording import count_of
from brandhound.jobs.outcomes import Cancel, Done, Outcome
from brandhound.jobs.registry import Run, enqueue, hears, job
from brandhound.mentions.events import ToneExamplesKept
from brandhound.mentions.tone_lessons.applying import read_tones_again
from brandhound.mentions.tone_lessons.training import AGAIN_AFTER, LEARNING, make_tone_lesson, tone_readiness


@job("mentions.learn_tones", queue="analyse", timeout=timedelta(minutes=15), title="Learn from tones", startable=False)
async def learn_tones(run: Run) -> Outcome:
    """Learn from the tones that people said, and propose it where it is better on texts that it had not seen."""
    lesson = await make_tone_lesson(run, now())
    if isinstance(lesson, str):
        return Cancel(f"Nothing learned: {lesson}")
    texts = sum(lesson.said.values())
    if lesson.state == "kept_back":
        return Done(
            f"Lesson {lesson.number} from {count_of(texts, 'tone')} is no better than reading without one, and is kept back"
        )
    return Done(
        f"Lesson {lesson.number} from {count_of(texts, 'tone')}: {lesson.changes:,} of "
        f"{count_of(lesson.looked_at, 'mention')} would be read otherwise. It waits for your word"
    )


@job(
    "mentions.read_tones_again",
    queue="analyse",
    timeout=timedelta(hours=1),
    title="Read tones again",
    startable=False,
)
async def follow_tones(run: Run) -> Outcome:
    """Read the tones of the last 30 days again, with what was learned or without what was taken back."""
    looked_at, changed = await read_tones_again(run, now())
    return Done(f"{changed:,} of {count_of(looked_at, 'mention')} read anew")


@hears(ToneExamplesKept)
async def _notice(db: Db, _: ToneExamplesKept) -> None:
    """After some words more, learn anew by oneself; what was learned is only proposed."""
    ready = await tone_readiness(db)
    if ready.missing is None and ready.new >= AGAIN_AFTER:
        await enqueue(db, "mentions.learn_tones", key=LEARNING)
