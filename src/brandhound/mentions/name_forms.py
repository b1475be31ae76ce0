"""The ways to write a name, and whether one of them stands at a place of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from brandhound.brands.folding import FOLDED, fold
from brandhound.brands.words import commonness
from brandhound.mentions.endings import with_endings, with_prefixes
from brandhound.mentions.scripts import is_unparted, is_word_character

Pull = Literal["counts", "calls", "waits"]
"""What the place of a name does for its text: it counts; it counts and calls those that wait; or it waits to be called.

Most places of names that are common words can never count, since their brand is not named otherwise: they are not even looked
at.
"""


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a name: its folded text, where its own part begins, and whose it is.

    `lead` is how many characters of clinging prefix come before the name. `exact` holds a text that must be met letter
    by letter in this case, or as all capitals. `owner` is a number that the caller gave. `before` and `after` are the keys of
    the words that must stand around the pair of words under which it is filed, if any.
    """

    folded: str
    owner: int
    exact: str | None = None
    lead: int = 0
    anchor_at: int = 0
    opens_with_word: bool = True
    closes_with_word: bool = True
    is_parted: bool = False
    stretches: bool = False
    pull: Pull = "counts"
    wants_cues: bool = True
    before: int | None = None
    after: int | None = None

    def placed(
        self, anchor_at: int, pull: Pull, *, wants_cues: bool, before: int | None = None, after: int | None = None
    ) -> Form:
        """The same, filed under the word that stands at that offset."""
        return replace(
            self,
            before=before,
            after=after,
            anchor_at=anchor_at,
            opens_with_word=is_word_character(self.folded[0]),
            closes_with_word=is_word_character(self.folded[-1]),
            is_parted=not self.folded.isalnum(),
            stretches=" " in self.folded or "-" in self.folded,
            pull=pull,
            wants_cues=wants_cues,
        )

    @property
    def needs_capital(self) -> bool:
        """Whether the word it is filed under must begin with a capital letter in the text."""
        return self.exact is not None and self.lead == 0 and self.exact[self.anchor_at].isupper()


Hit = tuple[int, int, Form]


def verified(text: str, anchor: int, form: Form) -> Hit | None:
    """The place of the form, if it is what stands around the word at `anchor`."""
    start = anchor - form.anchor_at
    end = start + len(form.folded)
    if start < 0 or end > len(text):
        return None
    last = form.folded[-1]
    differs = last not in "- " and FOLDED[ord(text[end - 1])] != last
    if differs and not form.stretches:
        return None
    surface = text[start:end]
    if form.stretches and ("  " in surface or "\r" in surface):
        return _verified_loosely(text, start, form)
    if differs:
        return None
    if form.exact is not None and form.exact != surface:
        if not surface.isupper() or fold(surface) != form.folded:
            return None
    elif not (surface.isascii() and surface.lower() == form.folded) and (
        fold(surface).replace("-", " ") != form.folded.replace("-", " ")
    ):
        return None
    if form.opens_with_word and start and is_word_character(text[start - 1]):
        return None
    if end < len(text):
        if form.closes_with_word:
            if is_word_character(text[end]):
                return None
        elif text[end] == surface[-1]:
            return None
    return start + form.lead, end, form


def _verified_loosely(text: str, start: int, form: Form) -> Hit | None:
    """The name with more than one blank between its words, as badly extracted text has them."""
    found = _loose_pattern(form.folded).match(fold(text[start : start + 2 * len(form.folded) + 8]))
    if found is None:
        return None
    end = start + found.end()
    if (start and is_word_character(text[start - 1])) or (end < len(text) and is_word_character(text[end])):
        return None
    surface = text[start:end]
    if form.exact is not None and " ".join(surface.split()) != form.exact and not surface.isupper():
        return None
    return start + form.lead, end, form


@lru_cache(maxsize=4096)
def _loose_pattern(folded: str) -> re.Pattern[str]:
    return re.compile(r"[\s-]+".join(re.escape(word) for word in re.split(r"[\s-]+", folded)))


def forms_of(text: str, owner: int, case_sensitive: bool) -> Iterator[Form]:
    """The ways to write a name: as it is, without its closing signs or its apostrophe, and as its language bends it."""
    folded = fold(text)
    if not folded.strip():
        return
    exact = text if case_sensitive else None
    yield Form(folded, owner, exact)
    bare = text.rstrip("!?., ")
    if bare != text and sum(map(str.isalnum, bare)) >= 4 and not commonness(fold(bare)):
        yield Form(fold(bare), owner, bare if case_sensitive else None)
    if "'s" in folded and not case_sensitive and not commonness(joined := folded.replace("'", "")):
        # McDonald's is written McDonalds as often; Love's is never loves.
        yield Form(joined, owner)
    if len(folded) < 3 or not is_word_character(folded[-1]):
        return
    yield from (Form(bent, owner, None, lead) for bent, lead in with_prefixes(folded))
    if not case_sensitive:
        yield from (Form(fold(bent), owner) for bent in with_endings(folded))


_WORDS = re.compile(r"\S+")


def words_of(form: Form) -> list[tuple[str, int]]:
    """The words of the form with their offsets; none for names that must be searched as substrings."""
    if any(is_unparted(character) for character in form.folded):
        return []
    parted = "".join(
        character if is_word_character(character) and ord(character) < 1 << 16 else " " for character in form.folded
    )
    return [(match.group(), match.start()) for match in _WORDS.finditer(parted)]
