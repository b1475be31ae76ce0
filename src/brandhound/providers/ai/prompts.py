"""What we say to a model stands in files that can be read and compared: `PACKAGE/prompts/NAME.md`, with a version on top.

    version: 2

    You decide whether …

The version that is stored with an answer is that number and the beginning of the text's hash: an answer to other words
is never taken for one to these, even where somebody forgot to count up.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_HEAD = re.compile(r"\Aversion: ([1-9][0-9]{0,4})\n\n")


class BadPrompt(ValueError):
    """A prompt's file does not begin with its version."""


@dataclass(frozen=True)
class Prompt:
    """Words for a model."""

    name: str
    version: str
    text: str


@cache
def prompt(package: str, name: str) -> Prompt:
    """The prompt of that name in a package, such as `prompt("brandhound.mentions", "second_opinion")`."""
    return read_prompt(name, (files(package) / "prompts" / f"{name}.md").read_text("utf-8"))


def read_prompt(name: str, text: str) -> Prompt:
    """A prompt from its file's text. Raises BadPrompt."""
    head = _HEAD.match(text)
    if head is None:
        raise BadPrompt(f"the prompt {name} does not begin with a line such as `version: 1` and an empty one")
    body = text[head.end() :].strip()
    digest = hashlib.sha256(body.encode()).hexdigest()[:8]
    return Prompt(name, f"{head[1]}-{digest}", body)
