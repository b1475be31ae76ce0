"""Which stories and mentions are told first."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from brandhound.reports.blocks import MentionListBlock, StoryListBlock
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


def top_stories(counts: Counts, lists: Sequence[StoryListBlock] | None = None) -> list[RankedStory]:
    """Stories of the subject, those told by most outlets first: ten, or as many as some lists together show."""
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
    if lists is None:
        return [_focused(story, subject_ids) for story in ranked[:MOST_STORIES]]
    return _shown_stories(ranked, subject_ids, lists)


def _shown_stories(
    ranked: Sequence[RankedStory], subject_ids: frozenset[UUID], lists: Sequence[StoryListBlock]
) -> list[RankedStory]:
    """What each list shows, each story once, in the order of their rank."""
    wanted = [block.most for block in lists]
    shown: list[RankedStory] = []
    for story in ranked:
        if not any(wanted):
            break
        focused = _focused(story, subject_ids)
        taking = [
            at for at, block in enumerate(lists) if wanted[at] and (not block.tones or focused.tone in block.tones)
        ]
        for at in taking:
            wanted[at] -= 1
        if taking:
            shown.append(focused)
    return shown


def listed_mentions(counts: Counts, lists: Sequence[MentionListBlock] | None = None) -> list[Counted]:
    """Mentions of the subject, newest first: five hundred, or what some lists together show."""
    if lists is None:
        return sorted(counts.subject, key=_newness, reverse=True)[:MOST_MENTIONS]
    wanted = [block.most for block in lists]
    subject_ids = counts.subject_ids
    shown: list[Counted] = []
    for row in sorted(counts.rows, key=_newness, reverse=True):
        if not any(wanted):
            break
        is_subject = row.brand_id in subject_ids
        taking = [
            at
            for at, block in enumerate(lists)
            if wanted[at] and block.lets_through(is_subject=is_subject, tone=row.tone, is_copy=row.reprint)
        ]
        for at in taking:
            wanted[at] -= 1
        if taking:
            shown.append(row)
    return shown


def _newness(row: Counted) -> tuple[datetime, UUID]:
    return row.published_at, row.id


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
