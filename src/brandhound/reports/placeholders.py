"""The language of titles and texts in a template: words, and variables such as `{{ brand }}` or `{{ mentions.change }}`.

It has no loops, no conditions and no functions, so that filling a text takes one pass over it, whatever it says. What a
variable stands for is put in as it is and not looked at again. Text that is filled so can be at most `MOST_VARIABLES`
times `LONGEST_VALUE` longer than what was written.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from brandhound.reports.errors import TemplateStatement, TemplateTooManyVariables, TemplateUnknownVariable
from brandhound.reports.wording import printable, shortened

MOST_VARIABLES = 100
"""In one text."""
LONGEST_VALUE = 200

_TAG = re.compile(r"\{\{(?P<name>[^{}]{0,80})\}\}|(?P<statement>\{%|\{#)|(?P<open>\{\{)")


@dataclass(frozen=True)
class Variable:
    """Something that a text may name."""

    name: str
    about: str


def _figure(name: str, what: str) -> tuple[Variable, ...]:
    return (
        Variable(name, what),
        Variable(f"{name}.before", f"{what}, in the range compared with"),
        Variable(f"{name}.change", f"How far that moved, such as +12 %; {what.lower()}"),
    )


VARIABLES: tuple[Variable, ...] = (
    Variable("brand", "The brands that the report is about, such as “Norvella and Globarix”"),
    Variable("competitors", "The other brands of the report"),
    Variable("organization", "Your organization"),
    Variable("range", "The days, such as “1–30 October 2026”"),
    Variable("range.days", "How many days that are"),
    Variable("range.since", "The first day"),
    Variable("range.until", "The last day"),
    Variable("before", "The days it is compared with; “nothing” where it is compared with none"),
    Variable("kind", "What such a report is called: Weekly brand report, Monthly brand report …"),
    Variable("made", "The day it was made"),
    Variable("news", "The title that is written for you: who, and what moved"),
    Variable("top_story", "The story that most outlets told"),
    Variable("top_outlet", "The outlet with most mentions"),
    Variable("busiest_day", "The day with most mentions"),
    *_figure("mentions", "Mentions of the brands it is about"),
    *_figure("stories", "Stories"),
    *_figure("outlets", "Outlets"),
    *_figure("tone", "Tone balance, from −1 to +1"),
    *_figure("share", "Share of voice, if the report is about one brand"),
)
NAMES = frozenset(variable.name for variable in VARIABLES)


def check_text(text: str, block: int) -> None:
    """Whether a text can be filled; `block` says where it stands.

    Raises TemplateStatement, TemplateUnknownVariable or TemplateTooManyVariables.
    """
    names = 0
    for tag in _TAG.finditer(text):
        line = text.count("\n", 0, tag.start()) + 1
        if tag["statement"] is not None:
            raise TemplateStatement(block, line, shortened(text[tag.start() : tag.start() + 40], 40))
        if tag["open"] is not None:
            raise TemplateUnknownVariable(block, line, shortened(text[tag.start() : tag.start() + 40], 40), None)
        names += 1
        name = tag["name"].strip()
        if name not in NAMES:
            nearest = difflib.get_close_matches(name[:80], NAMES, n=1)
            raise TemplateUnknownVariable(block, line, name, nearest[0] if nearest else None)
    if names > MOST_VARIABLES:
        raise TemplateTooManyVariables(block, MOST_VARIABLES)


def check_texts(texts: Iterable[tuple[int, str]]) -> None:
    """Raises as `check_text`."""
    for block, text in texts:
        check_text(text, block)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables replaced, in one pass: a value that looks like a variable stays as it is."""
    return _TAG.sub(lambda tag: _value(tag, values), text)


def _value(tag: re.Match[str], values: Mapping[str, str]) -> str:
    if tag["name"] is None:
        return tag.group()
    return shortened(printable(values.get(tag["name"].strip(), "")), LONGEST_VALUE)
