"""What every piece of a report's document is: frozen, and strict about what belongs in it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Tone = Literal["positive", "neutral", "negative", "mixed", "unclear"]


class Part(BaseModel):
    """A piece of a document: never changed after it is made, and strict about what belongs in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
