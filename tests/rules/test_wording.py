"""What runs say of their ends is right of one thing, too: “1 story”, never “1 stories”."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import brandhound
from brandhound.core.wording import count_of

SOURCES = sorted(Path(brandhound.__file__).parent.rglob("jobs.py"))
PLURAL = re.compile(r" (?:[a-z]+ )?(?!as\b|has\b|is\b|its\b|was\b)[a-z]+s\b")


def test_one_is_said_of_one_thing_and_thousands_are_parted() -> None:
    assert [count_of(number, "story", "stories") for number in (0, 1, 2, 12_000)] == [
        "0 stories",
        "1 story",
        "2 stories",
        "12,000 stories",
    ]
    assert [count_of(number, "run") for number in (1, 3)] == ["1 run", "3 runs"]


def test_no_job_sets_a_number_before_a_word_that_is_always_plural() -> None:
    found = {
        f"{path.parent.name}/{path.name}:{line}: {words}"
        for path in SOURCES
        for line, words in _plurals(path.read_text())
    }
    assert len(SOURCES) > 10
    assert found == set()


def _plurals(source: str) -> Iterator[tuple[int, str]]:
    for text in ast.walk(ast.parse(source)):
        if isinstance(text, ast.JoinedStr):
            for value, following in zip(text.values, text.values[1:], strict=False):
                if (
                    isinstance(value, ast.FormattedValue)
                    and isinstance(following, ast.Constant)
                    and not (isinstance(value.value, ast.Call) and ast.unparse(value.value.func) == "count_of")
                    and (found := PLURAL.match(str(following.value)))
                ):
                    yield text.lineno, f"{ast.unparse(value.value)}{found.group()}"
