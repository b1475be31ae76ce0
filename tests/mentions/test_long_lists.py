"""A sentence that lists thousands of names is looked through as often as one that lists ten."""

from typing import SupportsIndex

import pytest

from brandhound.brands.names import load_brands_file
from brandhound.mentions.matching import Matcher

MOST_TIMES = 10


class Watched(str):
    """A text that adds up how many of its characters are searched for something."""

    searched = 0

    def count(self, sub: str, start: SupportsIndex | None = None, end: SupportsIndex | None = None) -> int:
        first, last, _ = slice(start, end).indices(len(self))
        self.searched += max(last - first, 0)
        return super().count(sub, start, end)

    def __contains__(self, sub: str) -> bool:  # pyright: ignore[reportIncompatibleMethodOverride]
        self.searched += len(self)
        return super().__contains__(sub)

    __hash__ = str.__hash__


@pytest.mark.parametrize("sign", [", ", "; ", " | ", " and "])
@pytest.mark.parametrize("url", ["", "https://shops.example/all"], ids=["text alone", "article"])
def test_it_is_not_searched_through_for_each_name(sign: str, url: str) -> None:
    matcher = Matcher(load_brands_file(["Acme", "Orange"]))
    text = Watched(f"They sell {sign.join(['Acme', 'Orange'] * 600)}.")

    found = matcher.find(text, "", url)

    assert len(found) == 1_200
    # For each name the whole of it would be 1,200 times.
    assert 0 < text.searched < MOST_TIMES * len(text)
