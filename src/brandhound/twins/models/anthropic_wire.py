"""Anthropic's messages."""

from collections.abc import Iterator, Mapping

from brandhound.twins.models.asked import Asked, Json, Said, Tool, an_object, as_json, objects, pieces, tokens, words_in


def read(body: Json, headers: Mapping[str, str]) -> Asked:
    """A question as it came in."""
    messages = objects(body.get("messages"))
    asked: list[str] = []
    results: list[str] = []
    for message in messages:
        if message.get("role") != "user":
            continue
        content = message.get("content")
        asked.append(words_in(content))
        results += [words_in(part.get("content")) for part in objects(content) if part.get("type") == "tool_result"]
    form = an_object(an_object(body.get("output_config")).get("format") or body.get("output_format"))
    choice = an_object(body.get("tool_choice")).get("type")
    return Asked(
        wire="anthropic",
        model=str(body.get("model", "")),
        system=words_in(body.get("system")),
        text="\n".join(asked),
        tools=[
            Tool(str(one.get("name")), one.get("input_schema") or {})
            for one in objects(body.get("tools"))
            if "input_schema" in one
        ],
        schema=form.get("schema") if form.get("type") == "json_schema" else None,
        streams=bool(body.get("stream")),
        results=results,
        must_call=choice in ("any", "tool"),
        headers=headers,
        body=body,
    )


def write(asked: Asked, said: Said, number: int) -> Json:
    """A whole answer."""
    return {
        "id": f"msg_{number}",
        "type": "message",
        "role": "assistant",
        "model": asked.model,
        "content": _content(said, number),
        "stop_reason": _reason(said),
        "stop_sequence": None,
        "usage": _usage(asked, said),
    }


def stream(asked: Asked, said: Said, number: int) -> Iterator[bytes]:
    """The same as events."""
    whole = write(asked, said, number)
    begun: Json = {**whole, "content": [], "stop_reason": None, "usage": {**whole["usage"], "output_tokens": 1}}
    yield _event("message_start", message=begun)
    yield _event("ping")
    for place, block in enumerate(whole["content"]):
        if block["type"] == "text":
            yield _event("content_block_start", index=place, content_block={**block, "text": ""})
            for part in pieces(block["text"]):
                yield _event("content_block_delta", index=place, delta={"type": "text_delta", "text": part})
        else:
            yield _event("content_block_start", index=place, content_block={**block, "input": {}})
            for part in pieces(as_json(block["input"])):
                delta = {"type": "input_json_delta", "partial_json": part}
                yield _event("content_block_delta", index=place, delta=delta)
        yield _event("content_block_stop", index=place)
    ended = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    yield _event("message_delta", delta=ended, usage=whole["usage"])
    yield _event("message_stop")


def _event(kind: str, **more: object) -> bytes:
    return f"event: {kind}\ndata: {as_json({'type': kind, **more})}\n\n".encode()


def _content(said: Said, number: int) -> list[Json]:
    blocks: list[Json] = [{"type": "text", "text": said.text}] if said.text else []
    return blocks + [
        {"type": "tool_use", "id": f"toolu_{number}_{place}", "name": call.name, "input": call.arguments}
        for place, call in enumerate(said.calls)
    ]


def _reason(said: Said) -> str:
    if said.refused:
        return "refusal"
    if said.cut:
        return "max_tokens"
    return "tool_use" if said.calls else "end_turn"


def _usage(asked: Asked, said: Said) -> Json:
    return {
        "input_tokens": tokens(asked.system + asked.text),
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "output_tokens": tokens(said.text + as_json([call.arguments for call in said.calls])),
        "service_tier": "standard",
    }
