"""Models on the operator's own machines: Ollama, llama.cpp, vLLM."""

import re

from brandhound.providers.classifying import openai
from brandhound.providers.classifying.failure import Failure, FailureClass
from brandhound.providers.classifying.reading import Answer, failure, text_of

_MISSING = re.compile(r"model ['\"`]?([\w./:@-]{1,200}?)['\"`]? (?:was )?not found", re.IGNORECASE)


def classify(answer: Answer) -> Failure | None:
    """What an answer of a local server means; None when it is a good one."""
    error, name = answer.error, answer.title
    message = text_of(error.get("message"))
    words = message.lower()
    if answer.status == 404 and (found := _MISSING.search(message)):
        return failure(
            answer,
            FailureClass.CONFIG,
            "model-not-found",
            f"{name} does not have the model {found[1]}.",
            what_to_do=f"Fetch it on that machine, for instance with: ollama pull {found[1]}",
        )
    if "the model" in words and "does not exist" in words:
        detail = f"{name} serves another model."
        return failure(
            answer, FailureClass.CONFIG, "model-not-found", detail, what_to_do="Name the model that it serves."
        )
    if answer.status == 503 and "loading model" in words:
        return failure(answer, FailureClass.BACKOFF, "loading-model", f"{name} is still loading its model.")
    if "maximum pending requests" in words or "server busy" in words:
        return failure(answer, FailureClass.SLOW_DOWN, "busy", f"{name} has as many questions waiting as it takes.")
    if "more system memory" in words or "out of memory" in words or "unable to load model" in words:
        return failure(
            answer,
            FailureClass.CONFIG,
            "out-of-memory",
            f"{name} has not enough memory for the model.",
            what_to_do="Use a smaller model, or a machine with more memory.",
        )
    if (
        text_of(error.get("type")) == "exceed_context_size_error"
        or "maximum context length" in words
        or "context size" in words
        or "input length exceeds" in words
    ):
        return failure(answer, FailureClass.SHRINK, "context-length", f"The text is longer than {name} takes at once.")
    return openai.classify(answer)
