"""What a model makes of the sentences of a name, weighed beside what the embedded analysis says of it."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from math import exp, log
from uuid import UUID

from brandhound.mentions.discovery.asking import SENTENCES, SentencesRead, SpanKind, read_sentences
from brandhound.mentions.discovery.gathering import Gathered, Seen, told_places
from brandhound.mentions.discovery.models import TakenFor
from brandhound.mentions.discovery.names_in_text import key_of
from brandhound.providers.ai.asking import CANNOT_ASK
from brandhound.providers.ai.errors import NoModel
from brandhound.providers.errors import ProviderFailed

MOST_READ = 150
"""Names that a model reads in one look."""
WORTH_READING = 0.3
"""Names that are less likely than that are not read: even a model that takes them for brands would not propose them."""
WEIGHT = 2.0
"""Log-odds that a model adds where it takes a name for a brand in all its sentences, and takes away where it does in none."""
PATIENCE = 3
"""Names at which a model may fail before the others are left to the embedded analysis."""

Scored = tuple[Gathered, float, dict[str, float]]


@dataclass(frozen=True)
class NameRead:
    """What a model takes a name for in each of its sentences, in their order."""

    said: tuple[TakenFor, ...]

    @property
    def kinds(self) -> Counter[SpanKind]:
        """For what kinds of brand, and in how many sentences."""
        return Counter(one for one in self.said if one != "nothing")

    @property
    def taken(self) -> int:
        return self.kinds.total()

    @property
    def places(self) -> int:
        return len(self.said)

    @property
    def odds(self) -> float:
        """What that adds to the log-odds."""
        return WEIGHT * (2 * self.taken / self.places - 1)


@dataclass
class Reread:
    """Ranked names after a model has read the first of them, as far as it could be asked."""

    scored: list[Scored]
    reads: dict[str, NameRead] = field(default_factory=dict[str, NameRead])
    model: str | None = None
    instead_because: str | None = None
    """Why the embedded analysis ranked the others, or all, although a model was wished for."""


async def reread(
    organization_id: UUID, scored: Sequence[Scored], before_each: Callable[[int, int], Awaitable[None]]
) -> Reread:
    """The names ranked anew, once the model that is chosen for it has read the likeliest. Never fails for want of a model.

    Hold no transaction around it. Safe to repeat: what a model answered is kept.
    """
    found = Reread(list(scored))
    likely = [one for one, score, _ in scored if score >= WORTH_READING][:MOST_READ]
    failures = 0
    for number, one in enumerate(likely):
        await before_each(number, len(likely))
        places = told_places(one, SENTENCES)
        try:
            read = await read_sentences(organization_id, [place.sentence for place in places])
        except NoModel:
            return found
        except CANNOT_ASK as why:
            detail = getattr(why, "detail", None)
            found.instead_because = detail if isinstance(detail, str) and detail else str(why)
            failures += 1
            # What it fails at with one text it may do with the next; what stands in the way of all does not pass so soon.
            if not isinstance(why, ProviderFailed) or failures == PATIENCE:
                break
            continue
        found.model = read.model
        found.reads[one.key] = name_read(one.key, places, read)
    weighed = [_weighed(one, found.reads.get(one[0].key)) for one in found.scored]
    found.scored = sorted(weighed, key=lambda one: (-one[1], one[0].key))
    return found


def name_read(key: str, places: Sequence[Seen], read: SentencesRead) -> NameRead:
    """What the sentences of a name came to: a longer name, or a part of it, is another name."""
    said: list[TakenFor] = []
    for place, spans in zip(places, read.spans, strict=True):
        here = [span for span in spans if span.start < place.end and place.start < span.end]
        kinds: list[TakenFor] = [span.kind for span in here if key_of(span.text) == key]
        said.append(kinds[0] if kinds else "nothing")
    return NameRead(tuple(said))


def _weighed(one: Scored, read: NameRead | None) -> Scored:
    if read is None:
        return one
    gathered, score, parts = one
    kept = min(max(score, 1e-6), 1 - 1e-6)
    odds = log(kept / (1 - kept)) + read.odds
    return gathered, 1 / (1 + exp(-odds)), {**parts, "model": read.odds}
