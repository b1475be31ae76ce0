"""Many texts laid end to end and cut into words at once."""

from collections.abc import Iterator, Sequence

import numpy as np

from brandhound.mentions.word_keys import PADDING, Flags, Keys, Offsets, words_in

BATCH_CHARACTERS = 1 << 18


class Laid:
    """Some of the texts laid end to end, cut into words. `sizes` are their lengths with the break between.

    The first so many of them are plain.
    """

    def __init__(self, numbers: Offsets, texts: Sequence[str], sizes: Offsets, plain: int) -> None:
        chosen = [texts[number] for number in _listed(numbers)]
        first, others = "\n".join(chosen[:plain]), "\n".join(chosen[plain:])
        if 0 < plain < len(chosen):
            first += "\n"
        self.words = words_in(first, others)
        self._numbers = numbers
        self._opens = np.cumsum(sizes) - sizes + PADDING

    def places(self, which: Offsets) -> Iterator[tuple[int, int, int, int]]:
        """Of each of these words the number of its text, its bounds in that text and its key."""
        return zip(*self.columns(which), strict=True)

    def columns(self, which: Offsets) -> tuple[list[int], list[int], list[int], list[int]]:
        """Of these words the numbers of their texts, where they begin and end in these, and their keys."""
        words, starts = self.words, self.words.starts[which]
        at = self._at(starts)
        opens = self._opens[at]
        ends = words.ends[which] - opens
        return _listed(self._numbers[at]), _listed(starts - opens), _listed(ends), _listed(words.keys[which])

    def of_texts(self, flags: Flags) -> Flags:
        """The flags of these texts, of those of all."""
        return flags[self._numbers]

    def inside(self, which: Offsets, is_wanted: Flags) -> Offsets:
        """Those of the words that stand in texts that are wanted."""
        return which[is_wanted[self._at(self.words.starts[which])]]

    def holding(self, trait: int) -> list[int]:
        """The numbers of the texts that hold characters of that trait."""
        at = self.words.places_of(trait)
        return self._numbers[np.unique(self._at(at))].tolist() if len(at) else []

    def _at(self, starts: Offsets) -> Offsets:
        return np.searchsorted(self._opens, starts, side="right") - 1


def batches(numbers: Offsets, sizes: Offsets) -> Iterator[Offsets]:
    """The numbers in their order, cut where their texts come to so many characters; of a larger text each alone."""
    ends = np.cumsum(sizes[numbers])
    first = 0
    while first < len(numbers):
        before = ends[first - 1] if first else 0
        last = max(int(np.searchsorted(ends, before + BATCH_CHARACTERS, side="right")), first + 1)
        yield numbers[first:last]
        first = last


def _listed(numbers: Offsets | Keys) -> list[int]:
    return numbers.tolist()
