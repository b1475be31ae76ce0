"""Gemini's generateContent."""

from collections.abc import Iterator, Mapping
from typing import Any

from brandhound.twins.models.asked import Asked, Json, Said, Tool, an_object, as_json, objects, pieces, tokens, words_in


def read(body: Json, headers: Mapping[str, str], model: str = "", *, streams: bool = False) -> Asked:
    """A question as it came in; the model stands in the address."""
    contents = objects(body.get("contents"))
    asked = [words_in(one.get("parts")) for one in contents if one.get("role", "user") == "user"]
    results = [
        as_json(part["functionResponse"].get("response"))
        for one in contents
        for part in objects(one.get("parts"))
        if isinstance(part.get("functionResponse"), dict)
    ]
    config: Any = body.get("generationConfig") or {}
    declared = [one for tool in objects(body.get("tools")) for one in objects(tool.get("functionDeclarations"))]
    mode = an_object(an_object(body.get("toolConfig")).get("functionCallingConfig")).get("mode")
    return Asked(
        wire="gemini",
        model=model,
        system=words_in(an_object(body.get("systemInstruction")).get("parts")),
        text="\n".join(asked),
        tools=[
            Tool(str(one.get("name")), one.get("parametersJsonSchema") or one.get("parameters") or {})
            for one in declared
        ],
        schema=config.get("responseJsonSchema") or config.get("responseSchema"),
        streams=streams,
        results=results,
        must_call=mode == "ANY",
        headers=headers,
        body=body,
    )


def write(asked: Asked, said: Said, number: int) -> Json:
    """A whole answer."""
    if said.refused:
        return {**_frame(asked, said, number), "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}
    parts: list[Json] = [{"text": said.text}] if said.text else []
    parts += [{"functionCall": {"name": call.name, "args": call.arguments}} for call in said.calls]
    candidate = {"content": {"parts": parts, "role": "model"}, "finishReason": _reason(said), "index": 0}
    return {"candidates": [candidate], **_frame(asked, said, number)}


def stream(asked: Asked, said: Said, number: int) -> Iterator[bytes]:
    """The same in pieces."""
    whole = write(asked, said, number)
    if said.text and not said.refused:
        for part in pieces(said.text)[:-1]:
            content = {"parts": [{"text": part}], "role": "model"}
            yield _event({"candidates": [{"content": content, "index": 0}], **_frame(asked, said, number)})
        content = {"parts": [{"text": pieces(said.text)[-1]}, *whole["candidates"][0]["content"]["parts"][1:]]}
        whole["candidates"][0]["content"] = {**content, "role": "model"}
    yield _event(whole)


def _event(value: Json) -> bytes:
    return f"data: {as_json(value)}\r\n\r\n".encode()


def _reason(said: Said) -> str:
    return "MAX_TOKENS" if said.cut else "STOP"


def _frame(asked: Asked, said: Said, number: int) -> Json:
    read_ = tokens(asked.system + asked.text)
    written = tokens(said.text + as_json([call.arguments for call in said.calls]))
    return {
        "usageMetadata": {
            "promptTokenCount": read_,
            "candidatesTokenCount": written,
            "totalTokenCount": read_ + written,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": read_}],
        },
        "modelVersion": asked.model,
        "responseId": f"twin-{number}",
    }
