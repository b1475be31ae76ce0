"""Which stories and mentions are told first."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from brandhound.reports.counting import Counted, Counts, originals
from brandhound.reports.document import TONES, Tone

MOST_STORIES = 10
MOST_MENTIONS = 500


@dataclass(frozen=True)
class RankedStory:
    """A story of the subject with the mentions that speak for it."""

    story_id: UUID
    rows: tuple[Counted, ...]
    first: Counted
    speaking: Counted
    """The mention whose words are quoted."""
    best: Counted
    tone: Tone

    @property
    def articles(self) -> int:
        return 1 if len(self.rows) == 1 else len({row.article_id for row in self.rows})

    @property
    def reprints(self) -> int:
        return len({row.article_id for row in self.rows if row.reprint})

    @property
    def outlets(self) -> int:
        return 1 if len(self.rows) == 1 else len({row.outlet for row in self.rows})


def top_stories(counts: Counts) -> list[RankedStory]:
    """Stories of the subject, those told by most outlets first."""
    subject_ids = counts.subject_ids
    by_story: defaultdict[UUID, list[Counted]] = defaultdict(list)
    of_subject = {row.story_id for row in counts.subject}
    for row in counts.rows:
        if row.story_id in of_subject:
            by_story[row.story_id].append(row)
    ranked = [_rank(story_id, rows) for story_id, rows in by_story.items()]
    ranked.sort(
        key=lambda story: (-story.outlets, -story.articles, -story.first.published_at.timestamp(), story.story_id)
    )
    return [_focused(story, subject_ids) for story in ranked[:MOST_STORIES]]


def listed_mentions(counts: Counts) -> list[Counted]:
    """Mentions of the subject, newest first."""
    return sorted(counts.subject, key=lambda row: (row.published_at, row.id), reverse=True)[:MOST_MENTIONS]


def titled_stories(counts: Counts, stories: Sequence[RankedStory]) -> list[UUID]:
    """The stories that a report may call by their title: the top ones, and those with more than one mention."""
    often = Counter(row.story_id for row in counts.subject)
    return sorted({story.story_id for story in stories} | {id_ for id_, mentions in often.items() if mentions > 1})


def _rank(story_id: UUID, rows: Sequence[Counted]) -> RankedStory:
    # Most stories have one mention, and there are thousands.
    first = rows[0] if len(rows) == 1 else min(rows, key=lambda row: (row.published_at, row.reprint, row.id))
    return RankedStory(story_id, tuple(rows), first, first, first, "unclear")


def _focused(story: RankedStory, subject_ids: frozenset[UUID]) -> RankedStory:
    """The same with the tone toward the subject, and the mention that says it most clearly."""
    mine = [row for row in story.rows if row.brand_id in subject_ids]
    voices = originals(mine) or mine
    by_tone = Counter(row.tone for row in voices if row.tone != "unclear")
    tone: Tone = max(TONES, key=lambda tone: (by_tone[tone], tone == "negative")) if by_tone else "unclear"
    speaking = max(voices, key=lambda row: (row.tone == tone, row.tone_confidence, row.confidence, row.id))
    best = max(mine, key=lambda row: (row.confidence, row.id))
    return RankedStory(story.story_id, story.rows, story.first, speaking, best, tone)
