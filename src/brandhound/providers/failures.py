"""Every failure of every provider in one vocabulary: what happened, for how long, and what a person can do.

    failure = classify("openai", answer.status, answer.headers, answer.body)

Whatever comes back is classified, however broken it is; nothing here raises.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from brandhound.providers.classifying import (
    anthropic,
    gemini,
    google_search,
    local_server,
    meta,
    network,
    openai,
    plain_http,
    reddit,
    smtp,
)
from brandhound.providers.classifying.failure import Failure, FailureClass
from brandhound.providers.classifying.reading import Answer, failure, in_sentence, read
from brandhound.providers.classifying.statuses import by_status

__all__ = ["FAMILIES", "Failure", "FailureClass", "Family", "classify", "failure_in", "family_of", "title_of"]

_log = logging.getLogger("brandhound.providers")


@dataclass(frozen=True)
class Family:
    """Providers that answer alike."""

    title: str
    classify: Callable[[Answer], Failure | None]
    is_local: bool = False
    """Runs on the operator's own machines: one that cannot be reached was not started."""


FAMILIES: Mapping[str, Family] = {
    "openai": Family("OpenAI", openai.classify),
    "openai_compatible": Family("The AI server", openai.classify),
    "groq": Family("Groq", openai.classify),
    "mistral": Family("Mistral", openai.classify),
    "openrouter": Family("OpenRouter", openai.classify),
    "deepseek": Family("DeepSeek", openai.classify),
    "anthropic": Family("Anthropic", anthropic.classify),
    "gemini": Family("Gemini", gemini.classify),
    "google_search": Family("Google search", google_search.classify),
    "reddit": Family("Reddit", reddit.classify),
    "meta": Family("Meta", meta.classify),
    "smtp": Family("The mail server", smtp.classify),
    "webhook": Family("The receiver of a webhook", plain_http.classify),
    "slack": Family("Slack", plain_http.classify),
    "teams": Family("Teams", plain_http.classify),
    "discord": Family("Discord", plain_http.classify),
    "ntfy": Family("ntfy", plain_http.classify),
    "ollama": Family("Ollama", local_server.classify, is_local=True),
    "vllm": Family("vLLM", local_server.classify, is_local=True),
    "llama_cpp": Family("llama.cpp", local_server.classify, is_local=True),
    "http": Family("The server", plain_http.classify),
}


def family_of(provider: str) -> Family:
    """The family of a provider; one that is not known speaks plain HTTP."""
    return FAMILIES.get(provider) or Family(provider.replace("_", " ").capitalize(), plain_http.classify)


def title_of(provider: str) -> str:
    """What people call it."""
    return family_of(provider).title


def failure_in(provider: str, status: int | None, headers: Mapping[str, str] | None, body: object) -> Failure | None:
    """The failure in an answer, also in one with status 200; None when it is a good answer. Never raises."""
    title = title_of(provider)
    answer = read(provider, title, status, headers, body)
    try:
        return family_of(provider).classify(answer)
    except Exception:
        # Nobody's answer may break the work that asked for it.
        _log.exception("an answer of %s could not be classified", provider)
        return by_status(answer) or failure(answer, FailureClass.FATAL, "unclassified", f"{title} could not be read.")


def classify(
    provider: str,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    body_or_error: object = b"",
) -> Failure:
    """The failure in an answer that was none, or in an exception. Never raises."""
    if isinstance(body_or_error, BaseException):
        return _of_exception(provider, body_or_error)
    found = failure_in(provider, status, headers, body_or_error)
    if found is not None:
        return found
    title = title_of(provider)
    answer = read(provider, title, status, headers, body_or_error)
    return failure(answer, FailureClass.BAD_OUTPUT, "unusable", f"The answer of {title} is not what was asked for.")


def _of_exception(provider: str, error: BaseException) -> Failure:
    known = getattr(error, "failure", None)
    if isinstance(known, Failure):
        return known
    family = family_of(provider)
    try:
        found = smtp.of_exception(provider, family.title, error)
    except Exception:
        _log.exception("an exception of %s could not be classified", provider)
        found = None
    if found is not None:
        return found
    cls, code, words, what_to_do = network.of_exception(error)
    after = getattr(error, "retry_after", None)
    made = Failure(
        cls,
        provider,
        code,
        in_sentence(words.format(name=family.title), family.title),
        retry_after=float(after) if isinstance(after, int | float) and not isinstance(after, bool) else None,
        what_to_do=in_sentence(what_to_do.format(name=family.title), family.title),
        message=network.words_of(error),
    )
    if family.is_local and code in ("refused", "dns"):
        # Nobody else's trouble: it was not started, or the address is wrong.
        detail = f"{family.title} does not run where the settings say."
        return replace(made, cls=FailureClass.CONFIG, detail=detail, what_to_do="Start it, or correct its address.")
    return made
