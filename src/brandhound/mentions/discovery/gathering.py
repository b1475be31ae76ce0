"""What articles say of each name, put together name by name. Thinking only."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from math import log1p
from uuid import UUID

from brandhound.brands.comparing.rarity import is_description
from brandhound.brands.words import is_first_name
from brandhound.mentions.discovery.names_in_text import (
    CUES,
    SHAPES,
    Sighting,
    key_of,
    names_in,
    shape_of,
)

LEAST_MENTIONS = 3
LEAST_SOURCES = 2
MOST_PLACES = 8
_LOWER = re.compile(r"(?<![\w@#'’-])[a-zà-öø-ÿ]{2,}(?![\w'’-])")
# In these every noun has a capital, so that a capital tells nothing.
NOUNS_IN_CAPITALS = frozenset({"de", "lb", "nds"})


@dataclass(frozen=True, slots=True)
class Source:
    """An article as names are looked for in it."""

    article_id: UUID
    site: str
    text: str
    title: str = ""
    outlet: str = ""
    language: str | None = "en"
    authors: tuple[str, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A sentence with the name in it, and where the name stands."""

    article_id: UUID
    site: str
    sentence: str
    start: int
    end: int


@dataclass(slots=True)
class Gathered:
    """All that was seen of one name."""

    key: str
    surfaces: Counter[str] = field(default_factory=Counter[str])
    cues: list[int] = field(default_factory=lambda: [0] * len(CUES))
    articles: set[UUID] = field(default_factory=set[UUID])
    sites: set[str] = field(default_factory=set[str])
    places: list[Seen] = field(default_factory=list[Seen])
    first_at: datetime | None = None
    last_at: datetime | None = None
    is_surname: bool = False
    """Whether other names in these articles are a first name and this: Smith, where there is Anna Smith."""

    @property
    def mentions(self) -> int:
        return self.surfaces.total()

    @property
    def name(self) -> str:
        """As it is written most often; a handle or a tag only where it is nothing else."""
        plain = {surface: count for surface, count in self.surfaces.items() if surface[0] not in "@#"}
        return min(plain or self.surfaces, key=lambda surface: (-self.surfaces[surface], surface))

    @property
    def is_enough(self) -> bool:
        """Whether it was seen often enough, and by more than one."""
        return self.mentions >= LEAST_MENTIONS and len(self.sites) >= LEAST_SOURCES


@dataclass(slots=True)
class Names:
    """The names of many articles. A sentence counts once, however often it was printed."""

    found: dict[str, Gathered] = field(default_factory=dict[str, Gathered])
    lower: Counter[str] = field(default_factory=Counter[str])
    articles: int = 0
    _sentences: set[int] = field(default_factory=set[int])

    def read(self, source: Source) -> None:
        """Add what an article says."""
        self.articles += 1
        own = {key_of(name) for name in (source.outlet, *source.authors) if name}
        for text in (source.title, source.text):
            told: set[int] = set()
            for sighting in names_in(text):
                sentence = text[slice(*sighting.sentence)]
                mark = hash(sentence)
                if mark in self._sentences and mark not in told:
                    continue
                told.add(mark)
                if sighting.key not in own and _tells(sighting, source.language):
                    self._add(sighting, sentence, source)
            self._sentences |= told
            self.lower.update(_LOWER.findall(text))

    def enough(self, known: frozenset[str] = frozenset()) -> list[Gathered]:
        """The names seen often enough, in several places, that are not known already."""
        return [one for one in self._joined() if one.is_enough and one.key not in known]

    def all(self) -> list[Gathered]:
        """Every name."""
        return list(self._joined())

    def lower_share(self, one: Gathered) -> float:
        """How often the word stands in lower case, beside all its places: a word, and no name, from a half on."""
        if " " in one.key:
            return 0.0
        lower = self.lower[one.key]
        return lower / (lower + one.mentions)

    def _joined(self) -> Iterator[Gathered]:
        surnames = {key.rsplit(" ", 1)[-1] for key in self.found if " " in key and is_first_name(key.split(" ", 1)[0])}
        for one in self.found.values():
            one.is_surname = one.key in surnames and not is_description(one.key)
            yield one

    def _add(self, sighting: Sighting, sentence: str, source: Source) -> None:
        one = self.found.get(sighting.key)
        if one is None:
            one = self.found[sighting.key] = Gathered(sighting.key)
        one.surfaces[sighting.surface] += 1
        for place in range(len(CUES)):
            one.cues[place] += sighting.cues >> place & 1
        if (is_new := source.article_id not in one.articles) and len(one.places) < MOST_PLACES * 2:
            start = sighting.start - sighting.sentence[0]
            end = sighting.end - sighting.sentence[0]
            one.places.append(Seen(source.article_id, source.site, sentence, start, end))
        if is_new:
            one.articles.add(source.article_id)
            one.sites.add(source.site)
        if source.at is not None:
            one.first_at = min(one.first_at or source.at, source.at)
            one.last_at = max(one.last_at or source.at, source.at)


def told_places(one: Gathered, most: int = MOST_PLACES) -> list[Seen]:
    """Places to show: one of each site first."""
    by_site: defaultdict[str, list[Seen]] = defaultdict(list)
    for place in one.places:
        by_site[place.site].append(place)
    rounds = max((len(places) for places in by_site.values()), default=0)
    found = [places[number] for number in range(rounds) for places in by_site.values() if number < len(places)]
    return found[:most]


FEATURES = (*CUES, *SHAPES, "often", "sources", "lower", "phrase_cues", "surname")


def features_of(one: Gathered, lower_share: float) -> list[float]:
    """A name in numbers: how often each cue stood by it, what it is by itself, how often it was seen."""
    rates = [count / one.mentions for count in one.cues]
    telling = sum(
        one.cues[CUES.index(cue)] for cue in ("legal_form", "has", "trade_after", "explained", "trade_before")
    )
    return [
        *rates,
        *shape_of(one.name),
        min(log1p(one.mentions), 4.0) / 4.0,
        min(log1p(len(one.sites)), 3.0) / 3.0,
        lower_share,
        min(telling, 3) / 3,
        float(one.is_surname),
    ]


def _tells(sighting: Sighting, language: str | None) -> bool:
    if language not in NOUNS_IN_CAPITALS:
        return True
    shape = dict(zip(SHAPES, shape_of(sighting.surface), strict=True))
    return bool(shape["inner_capital"] or shape["catalogue"] or sighting.cues >> CUES.index("legal_form") & 1)


def known_keys(names: Iterable[str]) -> frozenset[str]:
    """The keys of names that are watched already, with the ways they are usually varied."""
    found: set[str] = set()
    for name in names:
        key = key_of(name)
        found |= {key, key.replace(" ", ""), key + "s", key.removeprefix("the ")}
    return frozenset(found - {""})
