"""Model servers on loopback that speak like OpenAI, Anthropic and Gemini: they answer by rules, and fail on demand.

    with serve_models() as twin:
        twin.persona = obedient
        twin.fails("rate_limit", times=2)
        ... ask it at twin.openai, twin.anthropic or twin.gemini ...

No model is behind it, and what it answers is made up.
"""

from brandhound.twins.models.asked import Asked, Said, ToolCall
from brandhound.twins.models.personas import PERSONAS, Persona, garbage, obedient, reader, refuser
from brandhound.twins.models.recordings import NotRecorded, Recorded, question_id, without_marks
from brandhound.twins.models.serving import ModelTwin, serve_models

__all__ = [
    "PERSONAS",
    "Asked",
    "ModelTwin",
    "NotRecorded",
    "Persona",
    "Recorded",
    "Said",
    "ToolCall",
    "garbage",
    "obedient",
    "question_id",
    "reader",
    "refuser",
    "serve_models",
    "without_marks",
]
