"""What the tests ask models, and models that answer it."""

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from brandhound.providers.ai.asking import Question
from brandhound.providers.ai.prompts import Prompt
from brandhound.twins.models import Asked, Persona, Said, ToolCall
from tests.providers.ai.conftest import USE

PROMPT = Prompt("test", "1-abc", "Say what tone it has.")


class Verdict(BaseModel):
    model_config = ConfigDict(extra="forbid")

    tone: Literal["good", "bad"]
    quotes: list[str] = []


def question(about: str = "The bike won an award.", prompt: Prompt = PROMPT) -> Question[Verdict]:
    return Question(USE, prompt, {"brand": "Tallow"}, {"text": about}, Verdict)


def says(**values: Any) -> Any:
    """A persona that answers in the form it is asked for, whichever way that is asked."""

    def persona(asked: Asked) -> Said:
        form = next((tool for tool in asked.tools if tool.name.startswith("final_result")), None)
        return Said(calls=[ToolCall(form.name, values)]) if form else Said(json.dumps(values))

    return persona


def saying(words: str) -> Persona:
    """A persona that says that, whatever it is asked."""

    def persona(asked: Asked) -> Said:
        del asked
        return Said(words)

    return persona
