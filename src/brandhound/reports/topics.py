"""How much of what is said is about which topic. Nothing here waits: what was found in, rows of a document out."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from brandhound.reports import intervals
from brandhound.reports.counting import Counts
from brandhound.reports.document import Figure, Interval, TopicRow, Topics
from brandhound.reports.figures import topic_key


@dataclass(frozen=True)
class AskedTopic:
    """A topic that is looked for."""

    id: UUID
    title: str
    sort: Literal["topic", "message"]


@dataclass(frozen=True)
class Aboutness:
    """What mentions are about, as it was found or said. Only those in `readable` were looked through."""

    topics: Sequence[AskedTopic] = ()
    readable: Collection[UUID] = frozenset()
    about: Mapping[UUID, Collection[UUID]] = field(default_factory=dict[UUID, Collection[UUID]])
    """By mention: the topics that it is about."""
    maybe: Mapping[UUID, Collection[UUID]] = field(default_factory=dict[UUID, Collection[UUID]])
    """By mention: those that it may be about."""


def topics_of(counts: Counts, found: Aboutness) -> Topics:
    """Topics first, then key messages, each by how many texts are about it."""
    # A person may have said it of a text that no machine reads.
    texts = [row for row in counts.subject if not row.reprint and (row.id in found.readable or row.id in found.about)]
    numbers: Counter[tuple[UUID, str]] = Counter()
    for row in texts:
        for topic_id in found.about.get(row.id, ()):
            numbers[topic_id, "yes"] += 1
            numbers[topic_id, row.tone] += 1
        for topic_id in found.maybe.get(row.id, ()):
            numbers[topic_id, "maybe"] += 1
    rows = [_row(topic, numbers, len(texts)) for topic in found.topics]
    rows.sort(key=lambda row: (row.sort != "topic", -row.mentions, row.title.casefold()))
    return Topics(out_of=len(texts), enough=intervals.is_enough(len(texts)), rows=tuple(rows))


def _row(topic: AskedTopic, numbers: Counter[tuple[UUID, str]], out_of: int) -> TopicRow:
    yes, maybe = numbers[topic.id, "yes"], numbers[topic.id, "maybe"]
    enough = intervals.is_enough(out_of)
    low, high = intervals.share_interval(yes, out_of).low, intervals.share_interval(yes + maybe, out_of).high
    return TopicRow(
        topic_id=topic.id,
        title=topic.title,
        sort=topic.sort,
        mentions=yes,
        maybe=maybe,
        positive=numbers[topic.id, "positive"],
        negative=numbers[topic.id, "negative"],
        share=Figure(
            value=round(yes / out_of, 4) if enough else None,
            unit="share",
            interval=Interval(low=low, high=high) if enough else None,
            out_of=out_of,
            evidence=topic_key(topic.id),
        ),
    )
