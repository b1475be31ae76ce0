"""What a reader must know before he trusts the figures: said in the report, with the next step."""

from dataclasses import dataclass
from datetime import datetime

from brandhound.core.wording import count_of
from brandhound.reports.document import Caveat, Range
from brandhound.reports.wording import moment_text, number


@dataclass(frozen=True)
class Surroundings:
    """How well the organization was listening, and what it has not decided yet."""

    feeds: int = 0
    failing: tuple[str, ...] = ()
    paused: int = 0
    listening_since: datetime | None = None
    earliest_mention_at: datetime | None = None
    waiting: int = 0
    time_zone: str = "UTC"

    @property
    def known_since(self) -> datetime | None:
        """The first moment of which anything can be known: older articles are read too when a feed is new."""
        return min(filter(None, (self.listening_since, self.earliest_mention_at)), default=None)

    def can_compare(self, before: Range) -> bool:
        """Whether the range before was listened to, but for a tenth of it at most: else a change would only tell of that."""
        if self.known_since is None:
            return True
        return self.known_since <= before.starts_at + (before.ends_at - before.starts_at) / 10


def caveats(
    around: Surroundings, range_: Range, before: Range | None, in_all: int, listed: int, now: datetime
) -> tuple[Caveat, ...]:
    found: list[Caveat] = []
    if around.feeds == 0:
        found.append(
            Caveat(
                code="no-feeds",
                text="No feed is followed, so that nothing new can be heard.",
                action="Follow feeds",
                href="/feeds",
            )
        )
    if in_all == 0:
        found.append(
            Caveat(
                code="no-mentions",
                text="No mention was found in these days. That is an answer if the right feeds were followed.",
                action="Look through doubtful mentions"
                if around.waiting
                else "Choose a longer range, or follow more feeds",
                href="/stories?view=doubtful" if around.waiting else "/feeds",
            )
        )
    if around.failing:
        named = ", ".join(around.failing[:3]) + (
            f" and {len(around.failing) - 3} more" if len(around.failing) > 3 else ""
        )
        found.append(
            Caveat(
                code="feeds-failing",
                text=f"{count_of(len(around.failing), 'feed')} could not be read: {named}. Their articles are missing.",
                action="See feed health",
                href="/feeds?view=health",
            )
        )
    if around.paused:
        found.append(
            Caveat(
                code="feeds-paused",
                text=f"{count_of(around.paused, 'feed is', 'feeds are')} paused.",
                action="Continue them",
                href="/feeds",
            )
        )
    if around.waiting:
        found.append(
            Caveat(
                code="waiting-for-judgement",
                text="One doubtful mention waits for a judgement and is not counted."
                if around.waiting == 1
                else f"{number(around.waiting)} doubtful mentions wait for a judgement and are not counted.",
                action="Judge it" if around.waiting == 1 else "Judge them",
                href="/stories?view=doubtful",
            )
        )
    if now < range_.ends_at:
        found.append(
            Caveat(
                code="day-not-over",
                text=f"The last day was not over when this was counted ({moment_text(now, around.time_zone)}).",
                action="Make the report again tomorrow",
            )
        )
    if before and in_all and not around.can_compare(before):
        found.append(
            Caveat(
                code="before-incomplete",
                text="The range before reaches back to days when nothing was listened to yet: nothing is compared with it.",
                action="Choose a shorter range to compare",
            )
        )
    if listed < in_all:
        found.append(
            Caveat(
                code="list-shortened",
                text=f"The list shows the newest {listed:,} of {in_all:,} mentions; all are counted.",
                action="Export CSV or XLSX for all",
            )
        )
    return tuple(found)
