"""A model whose answers were recorded: it says to each question what was said to it once, and to another one nothing.

    twin.persona = Recorded({"0a1b2c3d-4e5f…": {"names": []}})

A question is known by its instructions, its words and the form of the answer. The marks around strangers' texts are made up
for each question, so they are not in it.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from brandhound.twins.models.asked import Asked, Said, ToolCall, as_json

_MARK = re.compile(r"(</?data)-[0-9a-f]+")


class NotRecorded(Exception):
    """Nobody recorded an answer to that question. `id` is the question's."""

    def __init__(self, question_id: str) -> None:
        super().__init__(f"no answer is recorded to the question {question_id}")
        self.id = question_id


def without_marks(text: str) -> str:
    """What is said to a model without what is made up for each question."""
    return _MARK.sub(r"\1", text)


def question_id(asked: Asked) -> str:
    """The same for the same question, whatever the marks: a hash of the instructions, and one of words and form."""
    form = asked.schema if asked.schema is not None else [[tool.name, tool.schema] for tool in asked.tools]
    content = json.dumps([without_marks(asked.text), form], sort_keys=True, ensure_ascii=False)
    return f"{_digest(asked.system)[:8]}-{_digest(content)[:16]}"


class Recorded:
    """Answers by what is recorded: `answers` by the question's id, each an object in the form that is asked for, once it has
    been `spelled` out.

    Raises NotRecorded, which leaves the server as an error that names the id; `missing` collects those.
    """

    def __init__(
        self,
        answers: Mapping[str, Any],
        name: Callable[[Asked], str] = question_id,
        spelled: Callable[[Any, Asked], Any] = lambda answer, _: answer,
    ) -> None:
        self.answers = answers
        self.name = name
        self.spelled = spelled
        self.missing: list[str] = []

    def __call__(self, asked: Asked) -> Said:
        known = self.name(asked)
        if known not in self.answers:
            self.missing.append(known)
            raise NotRecorded(known)
        answer = self.spelled(self.answers[known], asked)
        form = next((tool for tool in asked.tools if tool.name.startswith("final_result")), None)
        if form is not None and asked.schema is None:
            return Said(calls=[ToolCall(form.name, answer)])
        return Said(as_json(answer))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
