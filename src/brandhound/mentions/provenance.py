"""Who told a story first, and how sure that is: by the dates that pages state, by when they were seen, and by credit lines."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from uuid import UUID

from brandhound.core.wording import count_of

Sureness = Literal["sure", "likely", "open"]

DAY = timedelta(days=1)
CLOCKS_DIFFER = timedelta(minutes=5)
"""Clocks of publishers and systems that stamp pages go wrong by so much: what lies closer together is not told apart."""


def is_midnight(written: str) -> bool:
    """Whether a date as it stands in a feed has the hour of midnight, in whatever zone it was written."""
    hour = _HOUR.search(written)
    return hour is not None and not any(int(part) for part in hour.groups(default="0"))


@dataclass(frozen=True)
class Witness:
    """What is known of when an article was published, and of whose text it is."""

    article_id: UUID
    outlet: str
    stated_at: datetime | None
    """The date that the page or the feed states; None where there was none."""
    seen_at: datetime
    """When a feed first named it."""
    wire: str | None = None
    is_the_wire: bool = False
    copies: bool = False
    is_day: bool = False
    """Whether the date is midnight where it was written, though not in UTC."""

    @property
    def is_dated(self) -> bool:
        """Whether it states a date that can be true: nothing is seen before it is published."""
        return self.stated_at is not None and self.stated_at <= self.seen_at + CLOCKS_DIFFER

    @property
    def has_hour(self) -> bool:
        """Midnight to the second is how systems write that they only know the day; where it was written, or in UTC."""
        return self.stated_at is not None and not self.is_day and self.stated_at.astimezone(UTC).time() != time(0)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Between when and when it was published."""
        if not self.is_dated or self.stated_at is None:
            return datetime.min.replace(tzinfo=UTC), self.seen_at
        latest = self.stated_at if self.has_hour else self.stated_at + DAY
        return self.stated_at, max(self.stated_at, min(latest, self.seen_at))


_HOUR = re.compile(r"(?<![+\-\d:])(\d{1,2}):(\d\d)(?::(\d\d))?(?![:\d])")
"""The hour in a date as it is written, and not the hours that its zone is off."""


@dataclass(frozen=True)
class First:
    """Who told it first. Of a wire that one does not follow there is no article."""

    name: str
    article_id: UUID | None
    sure: Sureness
    why: str


@dataclass(frozen=True)
class WireUse:
    """A wire that articles of a story credit."""

    name: str
    articles: int
    here: bool
    """Whether the wire's own article is among them."""


def wires_in(witnesses: Sequence[Witness]) -> list[WireUse]:
    """The wires that these articles go back to, the most used first."""
    counted = Counter(one.wire for one in witnesses if one.wire)
    own = {one.wire for one in witnesses if one.is_the_wire}
    return [WireUse(name, number, name in own) for name, number in counted.most_common()]


def first_of(witnesses: Sequence[Witness]) -> First | None:
    """Who told it first among these, in order of time; None where nobody else tells it."""
    if len(witnesses) < 2:
        return None
    if found := _by_credit(witnesses):
        return found
    ranked = sorted(
        witnesses, key=lambda one: (one.copies, one.stated_at if one.is_dated else one.seen_at, one.seen_at)
    )
    one, others = ranked[0], ranked[1:]
    undated = [other for other in others if not other.is_dated]
    earliest = min(other.span[0] for other in others)
    seen_first = all(one.seen_at + CLOCKS_DIFFER < other.seen_at for other in others)
    if one.is_dated and one.span[1] + CLOCKS_DIFFER <= earliest:
        return First(one.outlet, one.article_id, "sure", _gap(one, others))
    if seen_first:
        missing = "no date" if not one.is_dated or undated else "only the day"
        return First(
            one.outlet,
            one.article_id,
            "likely",
            f"Seen before all others; some pages state {missing}, so dates do not decide.",
        )
    if one.is_dated and not undated and one.has_hour:
        return First(
            one.outlet,
            one.article_id,
            "likely",
            "It states the earliest time, but others lie too close or state only the day.",
        )
    return First(
        one.outlet,
        one.article_id,
        "open",
        "Dates are missing or lie too close together, and all were seen at about the same time.",
    )


def _by_credit(witnesses: Sequence[Witness]) -> First | None:
    crediting = Counter(one.wire for one in witnesses if one.wire and not one.is_the_wire)
    if not crediting:
        return None
    wire, number = crediting.most_common(1)[0]
    itself = next((one for one in witnesses if one.is_the_wire and one.wire == wire), None)
    credits_it = "the other credits" if number == 1 else f"{number} others credit"
    if itself is not None:
        return First(itself.outlet, itself.article_id, "sure", f"It is {wire} itself, and {credits_it} it.")
    if 2 * number >= len(witnesses) and not _is_told_before(witnesses, wire):
        many = "One article credits" if number == 1 else f"{number} of {len(witnesses)} articles credit"
        return First(wire, None, "likely", f"{many} {wire}, whose own article is not among those that you read.")
    return None


def _is_told_before(witnesses: Sequence[Witness], wire: str | None) -> bool:
    """Whether somebody who does not credit the wire surely told it before all who do."""
    credit_it = min(one.span[0] for one in witnesses if one.wire == wire)
    return any(one.is_dated and one.span[1] + CLOCKS_DIFFER <= credit_it for one in witnesses if one.wire != wire)


def _gap(one: Witness, others: Sequence[Witness]) -> str:
    nearest = min(others, key=lambda other: other.span[0])
    apart = nearest.span[0] - one.span[1]
    return f"Published {_length(apart)} before {nearest.outlet or 'the next'}, by the dates that the pages state."


def _length(apart: timedelta) -> str:
    minutes = int(apart.total_seconds() // 60)
    if minutes < 90:
        return count_of(minutes, "minute")
    hours = round(minutes / 60)
    return f"{hours} hours" if hours < 48 else f"{round(hours / 24)} days"
