"""OpenAI's responses."""

from collections.abc import Iterator, Mapping

from brandhound.twins.models.asked import Asked, Json, Said, Tool, an_object, as_json, objects, pieces, tokens, words_in


def read(body: Json, headers: Mapping[str, str]) -> Asked:
    """A question as it came in."""
    given = body.get("input")
    items = objects(given)
    said = [words_in(one.get("content")) for one in items if one.get("role") in ("system", "developer")]
    asked = [words_in(one.get("content")) for one in items if one.get("role") == "user"]
    if isinstance(given, str):
        asked.append(given)
    results = [words_in(one.get("output")) for one in items if one.get("type") == "function_call_output"]
    form = an_object(an_object(body.get("text")).get("format"))
    return Asked(
        wire="responses",
        model=str(body.get("model", "")),
        system="\n".join([str(body.get("instructions") or ""), *said]).strip(),
        text="\n".join(asked),
        tools=[
            Tool(str(one.get("name")), one.get("parameters") or {})
            for one in objects(body.get("tools"))
            if one.get("type") == "function"
        ],
        schema=form.get("schema") if form.get("type") == "json_schema" else None,
        streams=bool(body.get("stream")),
        results=results,
        must_call=body.get("tool_choice") == "required",
        headers=headers,
        body=body,
    )


def write(asked: Asked, said: Said, number: int) -> Json:
    """A whole answer."""
    return _response(asked, said, number, "incomplete" if said.cut else "completed", _output(said, number))


def stream(asked: Asked, said: Said, number: int) -> Iterator[bytes]:
    """The same as events."""
    count = 0

    def event(kind: str, **more: object) -> bytes:
        nonlocal count
        count += 1
        value = {"type": kind, "sequence_number": count - 1, **more}
        return f"event: {kind}\ndata: {as_json(value)}\n\n".encode()

    begun = _response(asked, said, number, "in_progress", []) | {"usage": None}
    yield event("response.created", response=begun)
    yield event("response.in_progress", response=begun)
    for place, item in enumerate(_output(said, number)):
        begun_item = {**item, "status": "in_progress"}
        at = {"output_index": place, "item_id": item["id"]}
        if item["type"] == "message":
            yield event("response.output_item.added", output_index=place, item={**begun_item, "content": []})
            part = item["content"][0]
            empty = {**part, "text" if part["type"] == "output_text" else "refusal": ""}
            yield event("response.content_part.added", **at, content_index=0, part=empty)
            if part["type"] == "output_text":
                for piece in pieces(said.text):
                    yield event("response.output_text.delta", **at, content_index=0, delta=piece, logprobs=[])
                yield event("response.output_text.done", **at, content_index=0, text=said.text, logprobs=[])
            else:
                yield event("response.refusal.delta", **at, content_index=0, delta=part["refusal"])
                yield event("response.refusal.done", **at, content_index=0, refusal=part["refusal"])
            yield event("response.content_part.done", **at, content_index=0, part=part)
        else:
            yield event("response.output_item.added", output_index=place, item={**begun_item, "arguments": ""})
            for piece in pieces(item["arguments"]):
                yield event("response.function_call_arguments.delta", **at, delta=piece)
            yield event("response.function_call_arguments.done", **at, name=item["name"], arguments=item["arguments"])
        yield event("response.output_item.done", output_index=place, item=item)
    whole = write(asked, said, number)
    yield event(f"response.{whole['status']}", response=whole)


def _output(said: Said, number: int) -> list[Json]:
    items: list[Json] = [
        {
            "id": f"fc_{number}_{place}",
            "type": "function_call",
            "status": "completed",
            "arguments": as_json(call.arguments),
            "call_id": f"call_{number}_{place}",
            "name": call.name,
        }
        for place, call in enumerate(said.calls)
    ]
    if said.refused:
        part: Json = {"type": "refusal", "refusal": "I cannot help with that."}
    else:
        part = {"type": "output_text", "annotations": [], "logprobs": [], "text": said.text}
    if said.text or said.refused or not items:
        items.append(
            {"id": f"msg_{number}", "type": "message", "status": "completed", "content": [part], "role": "assistant"}
        )
    return items


def _response(asked: Asked, said: Said, number: int, status: str, output: list[Json]) -> Json:
    read_ = tokens(asked.system + asked.text)
    written = tokens(said.text + as_json([call.arguments for call in said.calls]))
    body = asked.body
    return {
        "id": f"resp_{number}",
        "object": "response",
        "created_at": 1_790_000_000 + number,
        "status": status,
        "background": False,
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if status == "incomplete" else None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "metadata": {},
        "model": asked.model,
        "output": output,
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "reasoning": {"effort": None, "summary": None},
        "service_tier": "default",
        "store": body.get("store", True),
        "temperature": body.get("temperature", 1.0),
        "text": body.get("text") or {"format": {"type": "text"}},
        "tool_choice": body.get("tool_choice", "auto"),
        "tools": body.get("tools") or [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": {
            "input_tokens": read_,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": written,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": read_ + written,
        },
        "user": None,
    }
