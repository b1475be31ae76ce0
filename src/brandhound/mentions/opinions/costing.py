"""What it would cost to have a model asked by itself, by the mentions of the last week."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import get_args

from sqlalchemy import func, select

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.wording import count_of
from brandhound.mentions.models import Mention
from brandhound.mentions.opinion_models import OpinionReach
from brandhound.mentions.opinions.reaching import within
from brandhound.mentions.reconsidering import SECOND_OPINION
from brandhound.providers.ai.choosing import price_of_choice
from brandhound.providers.ai.prices import Usage
from brandhound.providers.ai.usage import usual_call

DAYS = 7
USUAL = Usage(read=900, written=120)
"""Tokens of a question that is not known yet: instructions and form some 500, a passage of an article some 400."""
REACHES: tuple[OpinionReach, ...] = get_args(OpinionReach)


@dataclass(frozen=True)
class Estimate:
    """What one choice would have come to in the last week. Money in millionths of a dollar."""

    mentions: int
    micros: int | None
    """None where no price is known."""

    @property
    def words(self) -> str:
        """In words, a day where that is one question or more."""
        if self.mentions == 0:
            return "nothing in the last week"
        a_day = self.mentions >= DAYS
        parts = DAYS if a_day else 1
        number = round(self.mentions / parts)
        said = f"about {count_of(number, 'question')} a {'day' if a_day else 'week'}"
        cost = "cost unknown" if self.micros is None else _dollars(self.micros / parts)
        return f"{said}, {cost}, by last week's mentions"


async def estimates(db: Db) -> Mapping[OpinionReach, Estimate]:
    """For each choice what it would have come to in the last seven days, had everything been asked once."""
    price = await price_of_choice(db, SECOND_OPINION.name)
    call = await usual_call(db, SECOND_OPINION.name, timedelta(days=30)) or USUAL
    found: dict[OpinionReach, Estimate] = {"asked": Estimate(0, 0)}
    for reach in REACHES:
        if reach != "asked":
            number = await _last_week(db, reach)
            found[reach] = Estimate(number, None if price is None else price.cost(call) * number)
    return found


async def _last_week(db: Db, reach: OpinionReach) -> int:
    since = clock.now() - timedelta(days=DAYS)
    wanted = (within(reach), Mention.reprint_of.is_(None), Mention.published_at >= since)
    return await db.scalar(select(func.count()).select_from(Mention).where(*wanted)) or 0


def _dollars(micros: float) -> str:
    if micros <= 0:
        return "free"
    return "less than a cent" if micros < 10_000 else f"${micros / 1_000_000:,.2f}"
