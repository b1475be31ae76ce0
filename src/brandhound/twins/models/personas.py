"""Who answers: one that reads by rules, one that does what the text says, one that answers garbage, one that refuses."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, cast

from brandhound.twins.models.asked import Asked, Json, Said, ToolCall, an_object, as_json
from brandhound.twins.models.summing_up import summary_of

Persona = Callable[[Asked], Said]

_DATA = re.compile(r"<data-[0-9a-f]+ name='([a-z]+[0-9]*)'>\n(.*?)\n</data-[0-9a-f]+>", re.DOTALL)
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]+)*[.!?]?")
_GOOD = {"good", "great", "best", "love", "wins", "praised", "reliable", "record", "excellent", "strong", "award"}
_BAD = {"bad", "worst", "hate", "recall", "recalled", "lawsuit", "fined", "fails", "broken", "fire", "injured", "weak"}


def reader(asked: Asked) -> Said:
    """Reads the passage by a few rules, and answers in the form that is asked for. Not clever, and never made to look so."""
    if asked.tools and asked.schema is None and not asked.results:
        form = next((tool for tool in asked.tools if tool.name.startswith("final_result")), None)
        if form is not None:
            return Said(calls=[ToolCall(form.name, filled(form.schema, asked))])
        tool = asked.tools[0]
        return Said(calls=[ToolCall(tool.name, filled(tool.schema, asked))])
    if asked.tools and asked.schema is None:
        form = next((tool for tool in asked.tools if tool.name.startswith("final_result")), None)
        if form is not None:
            return Said(calls=[ToolCall(form.name, filled(form.schema, asked))])
    schema = asked.schema or schema_in(asked)
    if schema is not None:
        return Said(as_json(filled(schema, asked)))
    if asked.results:
        return Said(f"The tool says: {asked.results[-1]}")
    return Said(f"You said {len(asked.text.split())} words.")


def obedient(asked: Asked) -> Said:
    """Does what the text between the marks tells it: it is every author's servant."""
    for _, text in sources_in(asked):
        if found := re.search(r"(?:say|reply|answer)(?: only)?(?: with)?:? [\"“](.+?)[\"”]", text, re.IGNORECASE):
            return Said(found[1])
        if found := re.search(r"call (?:the )?tool [\"“]?([a-z_]+)", text, re.IGNORECASE):
            return Said(calls=[ToolCall(found[1], {"because": "the text says so"})])
        if re.search(r"ignore (?:all |any )?(?:previous|prior|earlier) instructions", text, re.IGNORECASE):
            return Said(asked.system)
    return reader(asked)


def garbage(asked: Asked) -> Said:
    """Answers nothing that can be used."""
    return Said(f"{{'verdict': maybe, {len(asked.text)}, <<<")


def refuser(asked: Asked) -> Said:
    """Does not want to deal with it."""
    del asked
    return Said(refused=True)


PERSONAS: Mapping[str, Persona] = {"reader": reader, "obedient": obedient, "garbage": garbage, "refuser": refuser}


def sources_in(asked: Asked) -> list[tuple[str, str]]:
    """The texts between the marks, by name."""
    return [(found[1], found[2]) for found in _DATA.finditer(asked.text)]


def facts_in(asked: Asked) -> Json:
    """The facts that stand before the marks."""
    head = asked.text.split("<data-", 1)[0]
    start, end = head.find("{"), head.rfind("}")
    try:
        value: Any = json.loads(head[start : end + 1]) if start >= 0 else {}
    except ValueError:
        return {}
    return cast("Json", value) if isinstance(value, dict) else {}


def schema_in(asked: Asked) -> Json | None:
    """The form of the answer where it was asked for in words."""
    start = asked.system.find('{"')
    if start < 0:
        return None
    try:
        value, _ = json.JSONDecoder().raw_decode(asked.system[start:])
    except ValueError:
        return None
    return cast("Json", value) if isinstance(value, dict) and "properties" in value else None


def filled(schema: Json, asked: Asked) -> Json:
    """An answer of that form."""
    told = _reading(asked)
    defs: Json = schema.get("$defs") or {}
    values: Json = {}
    for name, form in cast("Json", schema.get("properties") or {}).items():
        values[name] = _value(name, form, defs, told)
    return values


def _value(name: str, form: Json, defs: Json, told: Json) -> Any:
    if "$ref" in form:
        form = defs[form["$ref"].rsplit("/", 1)[1]]
    if name in told:
        allowed = form.get("enum")
        return told[name] if allowed is None or told[name] in allowed else allowed[0]
    if "enum" in form:
        return form["enum"][0]
    if "const" in form:
        return form["const"]
    match form.get("type"):
        case "array":
            return []
        case "integer" | "number":
            return form.get("minimum", 1)
        case "boolean":
            return True
        case "object":
            return {key: _value(key, one, defs, told) for key, one in an_object(form.get("properties")).items()}
        case _:
            return "ready"


def _reading(asked: Asked) -> Json:
    """What it makes of the passage."""
    facts, sources = facts_in(asked), sources_in(asked)
    if sources and "most_sentences" in facts:
        return {"sentences": summary_of(sources, facts)}
    if not sources or "brand" not in facts:
        return {}
    whole = "\n".join(text for _, text in sources)
    names = [str(facts["brand"]), *_texts(facts.get("names"))]
    around = [word.lower() for word in _texts(facts.get("words_around_it"))]
    namesakes = [phrase.lower() for phrase in _texts(facts.get("namesakes"))]
    low = whole.lower()
    sentences = [found[0].strip() for found in _SENTENCE.finditer(whole)]
    naming = [one for one in sentences if any(name.lower() in one.lower() for name in names)][:2]
    words = set(re.findall(r"[a-z]+", " ".join(naming).lower()))
    good, bad = len(words & _GOOD), len(words & _BAD)
    tone = "mixed" if good and bad else "positive" if good else "negative" if bad else "neutral"
    told: Json = {"identity_quotes": naming[:1], "tone": tone, "tone_quotes": naming[:1] if good or bad else []}
    if any(phrase in low for phrase in namesakes):
        return {**told, "is_brand": "no", "because": ["ordinary_word"]}
    if any(word in low for word in around):
        return {**told, "is_brand": "yes", "because": ["industry_words"]}
    return {**told, "is_brand": "unsure", "because": ["nothing_shows_it"]}


def _texts(value: object) -> list[str]:
    return [str(item) for item in cast("list[Any]", value)] if isinstance(value, list) else []
