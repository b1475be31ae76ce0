"""Why a name is held to be a brand, in words."""

from collections.abc import Mapping
from typing import Any

from brandhound.core.wording import count_of
from brandhound.mentions.discovery.asking import SpanKind
from brandhound.mentions.discovery.gathering import Gathered
from brandhound.mentions.discovery.names_in_text import CUES
from brandhound.mentions.discovery.rereading import NameRead

MOST_REASONS = 6
_OF_PLACES: dict[str, str] = {
    "legal_form": "A legal form stands by it (Inc, GmbH …)",
    "trade_word": "Its last word is a trade (Airlines, Foods …)",
    "says": "It does what companies do (says, launches, sells …)",
    "has": "It has what companies have (’s shares, ’s app …)",
    "trade_after": "A word of trade follows (shares, stores, app …)",
    "explained": "It is explained as a company (“, a maker of …”)",
    "trade_before": "It is called a company, a brand or the like",
    "bought": "It is bought, worn, used or ordered",
    "owned": "Somebody’s own or new one is spoken of",
    "preposition": "It stands after “at”, “by”, “from” or the like",
    "in_place": "It stands after “in” or “near”, as places do",
    "person_before": "A person’s title stands before it",
    "the": "An article stands before it",
    "opens": "It begins the sentence",
    "handle": "It is written as a handle or a tag",
}
_OF_NAME: dict[str, str] = {
    "inner_capital": "It has a capital inside",
    "capitals": "It is written in capitals",
    "short_capitals": "It looks like an abbreviation",
    "digit": "It has a digit",
    "several_words": "It has several words",
    "long": "It has many words",
    "catalogue": "The brand catalogue has this name",
    "catalogue_wide": "The brand catalogue has it in several countries",
    "place": "It is a place, too",
    "given_name": "It is a person’s name, too",
    "given_name_first": "It begins with a first name",
    "common": "It is a common word",
    "common_words": "It is made of common words",
    "rare": "It is no common word",
    "place_noun": "It ends as names of places do (Islands, Street …)",
    "matter": "It ends as names of laws, events and papers do (Act, Games, Report …)",
    "office": "It holds the word for an office (Minister, MP …)",
    "first_name_inside": "A first name stands in it",
    "known_place": "It is a country, a city or the like",
    "surname": "People in these articles have it as their last name",
}


_KINDS: dict[SpanKind, str] = {"company": "a company", "product": "a product", "organization": "an organization"}


def reasons_of(one: Gathered, parts: Mapping[str, float], by_model: NameRead | None = None) -> list[dict[str, Any]]:
    """The weightiest reasons for and against, each {code, text, weight}; the weight is in log-odds."""
    told: list[dict[str, Any]] = []
    if by_model is not None:
        kinds = [_KINDS[kind] for kind, _ in by_model.kinds.most_common()]
        places = f"{by_model.taken} of {count_of(by_model.places, 'sentence')}"
        words = f"A model takes it for {' or '.join(kinds or ['a brand'])} in {places}"
        told.append({"code": "model", "text": words, "weight": round(by_model.odds, 2)})
    read = sum(weight for name, weight in parts.items() if name.startswith("read_"))
    if any(name.startswith("read_") for name in parts):
        words = "Its sentences read like sentences about " + ("brands" if read > 0 else "something else")
        told.append({"code": "sentences", "text": words, "weight": round(read, 2)})
    for name, weight in parts.items():
        if words := _OF_PLACES.get(name):
            times = one.cues[CUES.index(name)]
            told.append(
                {
                    "code": name,
                    "text": f"{words}: {times} of {count_of(one.mentions, 'place')}",
                    "weight": round(weight, 2),
                }
            )
        elif words := _OF_NAME.get(name):
            told.append({"code": name, "text": words, "weight": round(weight, 2)})
        elif name == "lower" and weight:
            told.append({"code": name, "text": "It is written small elsewhere", "weight": round(weight, 2)})
    weighty = [reason for reason in told if abs(reason["weight"]) >= 0.15]
    return sorted(weighty, key=lambda reason: -abs(reason["weight"]))[:MOST_REASONS]
