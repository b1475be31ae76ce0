"""A sentence of which each phrase takes its words away, so that the next ones do not read them again."""

import re
from dataclasses import dataclass

from brandhound.mentions.alerts.phrases import DENIAL

TAKEN, DENIED = "\x00", "\x01"
"""What words are blanked with. A “not” that nothing understood still denies what comes after it."""


@dataclass(frozen=True)
class Part:
    """Words of the sentence, and what they came to."""

    start: int
    end: int
    text: str
    means: str = ""


class Sentence:
    """The text, with the words that were taken away blanked out."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.left = text

    def find(self, pattern: str) -> re.Match[str] | None:
        """The first place of it. Nothing begins within a word, nor within the digits of a number: “000” of “1,000”."""
        return re.search(rf"(?<![\w-])(?!(?<=\d[^\w\s])\d)(?:{pattern})(?!\w)", self.left, re.IGNORECASE)

    def take(self, found: re.Match[str] | None, group: int | str = 0) -> Part | None:
        """Take the words away."""
        return None if found is None else self.cut(*found.span(group))

    def cut(self, start: int, end: int, mark: str = TAKEN) -> Part:
        """Take away what stands from here to there."""
        self.left = self.left[:start] + mark * (end - start) + self.left[end:]
        return Part(start, end, self.text[start:end])

    def denial(self, start: int, pattern: str = DENIAL) -> re.Match[str] | None:
        """The “not” or the like that stands directly before a place and that nothing understood."""
        return re.search(pattern, self.left[:start], re.IGNORECASE)

    def drop(self, denial: re.Match[str], start: int, end: int, mark: str = DENIED) -> Part:
        """Take away what is denied. A rule with it would say the opposite of the sentence."""
        between = self.left[denial.start() : start]
        if TAKEN in between or DENIED in between:
            return self.cut(start, end)
        self.cut(start, end)
        self.cut(denial.start(), start, mark)
        return Part(denial.start(), end, self.text[denial.start() : end])
