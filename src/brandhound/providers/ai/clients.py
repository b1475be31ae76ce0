"""The clients of each kind of server, lent our way out. Their packages are imported when one is first asked: that takes
seconds and a hundred megabytes, which a process that asks nobody is spared.
"""

import ssl
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from brandhound.core.http.lending import Overheard, lent_client
from brandhound.providers.ai.accounts import Access
from brandhound.providers.ai.kinds import Kind

if TYPE_CHECKING:
    from pydantic_ai.models import Model

SECONDS = 300.0
_NO_KEY = "none"
"""What servers without a key are sent: their clients insist on one."""


def client_of(access: Access, overheard: Overheard) -> "Model":
    """A client for one conversation. Our own strategies try again, so it does not."""
    return _CLIENTS[access.kind](access, overheard)


def _openai(access: Access, overheard: Overheard) -> "Model":
    from pydantic_ai.models.openai import OpenAIResponsesModel

    return OpenAIResponsesModel(access.model, provider=_openai_provider(access, overheard))


def _compatible(access: Access, overheard: Overheard) -> "Model":
    from pydantic_ai.models.openai import OpenAIChatModel

    return OpenAIChatModel(access.model, provider=_openai_provider(access, overheard))


def _openai_provider(access: Access, overheard: Overheard) -> Any:
    from openai import AsyncOpenAI
    from pydantic_ai.providers.openai import OpenAIProvider

    client = AsyncOpenAI(
        api_key=access.key or _NO_KEY,
        base_url=access.address,
        http_client=lent_client(overheard, SECONDS),
        max_retries=0,
        # Else they are looked for in the environment of whoever runs this.
        organization="",
        project="",
    )
    return OpenAIProvider(openai_client=client)


def _anthropic(access: Access, overheard: Overheard) -> "Model":
    from anthropic import AsyncAnthropic
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    client = AsyncAnthropic(
        api_key=access.key,
        base_url=access.address,
        http_client=lent_client(overheard, SECONDS),
        max_retries=0,
    )
    return AnthropicModel(access.model, provider=AnthropicProvider(anthropic_client=client))


def _gemini(access: Access, overheard: Overheard) -> "Model":
    from google.genai import Client
    from google.genai.types import HttpOptions
    from pydantic_ai.models.google import GoogleModel
    from pydantic_ai.providers.google import GoogleProvider

    # Beside the way that it is lent it always makes some of its own. To read for each of them, at each call, whom the
    # machine trusts takes longer than all the rest; nothing goes that way, and these trust nobody.
    nobody = _trusting_nobody()
    options = HttpOptions(
        base_url=access.address,
        httpx_async_client=lent_client(overheard, SECONDS),
        timeout=int(SECONDS * 1000),
        client_args={"verify": nobody},
        async_client_args={"ssl": nobody},
    )
    client = Client(vertexai=False, api_key=access.key, http_options=options)
    return GoogleModel(access.model, provider=GoogleProvider(client=client))


@cache
def _trusting_nobody() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


_CLIENTS: Mapping[Kind, Callable[[Access, Overheard], "Model"]] = {
    "openai": _openai,
    "anthropic": _anthropic,
    "gemini": _gemini,
    "openai_compatible": _compatible,
    "ollama": _compatible,
    "vllm": _compatible,
}
