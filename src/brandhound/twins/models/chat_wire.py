"""OpenAI's chat completions, which most other servers speak, too."""

from collections.abc import Iterator, Mapping
from typing import Any

from brandhound.twins.models.asked import Asked, Json, Said, Tool, an_object, as_json, objects, pieces, tokens, words_in


def read(body: Json, headers: Mapping[str, str]) -> Asked:
    """A question as it came in."""
    messages = objects(body.get("messages"))
    said = [m for m in messages if m.get("role") in ("system", "developer")]
    asked = [m for m in messages if m.get("role") == "user"]
    results = [words_in(m.get("content")) for m in messages if m.get("role") == "tool"]
    functions = [tool.get("function", {}) for tool in objects(body.get("tools"))]
    form = an_object(body.get("response_format"))
    return Asked(
        wire="chat",
        model=str(body.get("model", "")),
        system="\n".join(words_in(m.get("content")) for m in said),
        text="\n".join(words_in(m.get("content")) for m in asked),
        tools=[Tool(str(one.get("name")), one.get("parameters") or {}) for one in functions],
        schema=an_object(form.get("json_schema")).get("schema") if form.get("type") == "json_schema" else None,
        streams=bool(body.get("stream")),
        results=results,
        must_call=body.get("tool_choice") == "required",
        headers=headers,
        body=body,
    )


def write(asked: Asked, said: Said, number: int) -> Json:
    """A whole answer."""
    message: Json = {"role": "assistant", "content": said.text or None, "refusal": None, "annotations": []}
    if said.refused:
        message |= {"content": None, "refusal": "I cannot help with that."}
    if said.calls:
        message["tool_calls"] = [
            {
                "id": f"call_{number}_{place}",
                "type": "function",
                "function": {"name": call.name, "arguments": as_json(call.arguments)},
            }
            for place, call in enumerate(said.calls)
        ]
    return {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": 1_790_000_000 + number,
        "model": asked.model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": _reason(said)}],
        "usage": _usage(asked, said),
        "service_tier": "default",
        "system_fingerprint": "fp_twin",
    }


def stream(asked: Asked, said: Said, number: int) -> Iterator[bytes]:
    """The same in pieces."""
    frame = {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion.chunk",
        "created": 1_790_000_000 + number,
        "model": asked.model,
        "service_tier": "default",
        "system_fingerprint": "fp_twin",
    }

    def piece(delta: Json, reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return _event({**frame, "choices": [choice], "usage": None})

    yield piece({"role": "assistant", "content": "" if not said.calls else None, "refusal": None})
    if said.text:
        for part in pieces(said.text):
            yield piece({"content": part})
    for place, call in enumerate(said.calls):
        head = {"index": place, "id": f"call_{number}_{place}", "type": "function"}
        yield piece({"tool_calls": [{**head, "function": {"name": call.name, "arguments": ""}}]})
        for part in pieces(as_json(call.arguments)):
            yield piece({"tool_calls": [{"index": place, "function": {"arguments": part}}]})
    yield piece({}, _reason(said))
    options: Any = asked.body.get("stream_options") or {}
    if options.get("include_usage"):
        yield _event({**frame, "choices": [], "usage": _usage(asked, said)})
    yield b"data: [DONE]\n\n"


def _event(value: Json) -> bytes:
    return f"data: {as_json(value)}\n\n".encode()


def _reason(said: Said) -> str:
    if said.cut:
        return "length"
    return "tool_calls" if said.calls else "stop"


def _usage(asked: Asked, said: Said) -> Json:
    read = tokens(asked.system + asked.text)
    written = tokens(said.text + as_json([call.arguments for call in said.calls]))
    return {
        "prompt_tokens": read,
        "completion_tokens": written,
        "total_tokens": read + written,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
    }
