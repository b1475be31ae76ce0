"""Who can be asked, as data: names, addresses, and in which form each answers in a schema best."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["openai", "anthropic", "gemini", "openai_compatible", "ollama", "vllm"]
Form = Literal["native", "tool", "prompted"]
"""How an answer in a schema is asked for: by the interface itself, as the one tool there is, or in words."""


@dataclass(frozen=True)
class AboutKind:
    """One kind of model server."""

    title: str
    about: str
    address: str
    """Where it is by default; empty where only the operator knows."""
    form: Form
    needs_key: bool = True
    needs_address: bool = False
    is_own: bool = False
    """Whether it usually runs on the operator's own machines."""


# Addresses as the providers' documentation names them, read 2026-11-26.
KINDS: Mapping[Kind, AboutKind] = {
    "openai": AboutKind(
        "OpenAI",
        "Asked through its Responses interface, with the wish that nothing is stored there.",
        "https://api.openai.com/v1",
        "native",
    ),
    "anthropic": AboutKind("Anthropic", "Claude models.", "https://api.anthropic.com", "tool"),
    "gemini": AboutKind(
        "Gemini", "Google's models, by a key of AI Studio.", "https://generativelanguage.googleapis.com", "native"
    ),
    "openai_compatible": AboutKind(
        "Another server",
        "Anything that speaks like OpenAI: a gateway, a company's own server, another provider.",
        "",
        "prompted",
        needs_key=False,
        needs_address=True,
    ),
    "ollama": AboutKind(
        "Ollama",
        "Models on a machine of yours.",
        "http://127.0.0.1:11434/v1",
        "prompted",
        needs_key=False,
        needs_address=True,
        is_own=True,
    ),
    "vllm": AboutKind(
        "vLLM",
        "Models on a machine of yours, for many questions at the same time.",
        "http://127.0.0.1:8000/v1",
        "prompted",
        needs_key=False,
        needs_address=True,
        is_own=True,
    ),
}
