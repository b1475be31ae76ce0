"""What services allow, before they have said it themselves: as data, with the source and the day it was read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Metric = Literal["requests", "tokens", "concurrency"]

DAY = 86_400.0


@dataclass(frozen=True)
class Allowance:
    """How much of something in how many seconds; 0 seconds for calls at the same time."""

    metric: Metric
    most: int
    seconds: float = 0.0


# Read 2026-11-20. Where a plan decides (OpenAI, Anthropic, Gemini) the headers of the first answer say how much it is;
# until then only the calls at the same time are held back.
ALLOWANCES: Mapping[str, tuple[Allowance, ...]] = {
    "openai": (Allowance("concurrency", 16),),
    "anthropic": (Allowance("concurrency", 8),),
    "gemini": (Allowance("concurrency", 8),),
    # 100 queries a minute for each application, averaged over ten.
    "reddit": (Allowance("requests", 100, 60.0), Allowance("concurrency", 4)),
    # 100 a day are free; who pays sets more.
    "google_search": (Allowance("requests", 100, 60.0), Allowance("concurrency", 4)),
    "meta": (Allowance("concurrency", 4),),
    # Most houses close the connection of who comes with more at once.
    "smtp": (Allowance("concurrency", 4),),
    "ollama": (Allowance("concurrency", 2),),
    "llama_cpp": (Allowance("concurrency", 2),),
    "vllm": (Allowance("concurrency", 16),),
}


def allowances_of(provider: str) -> tuple[Allowance, ...]:
    """What is known beforehand; nothing for a provider that is not in the table."""
    return ALLOWANCES.get(provider, ())
