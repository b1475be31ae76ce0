"""A brand in one line, and what judgements add: on sentences made by hand, and on real ones from open collections.

The real ones are short windows of the Broad Twitter Corpus, WNUT-17 and Wikigold (CC BY 4.0), of VADER's tweets and reviews
and of comments on clothes (MIT), and of Amazon Fine Food Reviews (CC0), labelled by hand. The floors are a little below what
was measured; `bench/quality/disambiguation.py` measures on three times as many.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from brandhound.brands.dictionary import Sense, look_up
from brandhound.brands.names import BrandNames, name_with_rules
from brandhound.mentions.confidence import Sign
from brandhound.mentions.learning import sights
from brandhound.mentions.learning.fitting import Cases, Floats, chance, folds_of, learn
from brandhound.mentions.learning.meanings import meanings_of_names
from brandhound.mentions.learning.profiles import Profile, cold_odds
from brandhound.mentions.learning.scoring import BrandJudge, amounts_of
from brandhound.mentions.learning.sights import Sight, sight_at, vectors_of
from brandhound.mentions.matching import Matcher
from brandhound.providers.embedding import Embedder, MiniLm
from brandhound.providers.minilm import model_folder, prepared_model

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FOLDER = model_folder()

pytestmark = pytest.mark.skipif(FOLDER is None, reason="the sentence model is not installed")

PROFILES: dict[str, Any] = {
    one["name"]: one for one in json.loads((ROOT / "bench/quality/disambiguation_brands.json").read_text("utf-8"))
}
LINES = {
    "Apple": "maker of the iPhone, computers and an app store",
    "Target": "chain of department stores",
    "Amazon": "online shop and cloud computing",
    "Shell": "oil and gas company with petrol stations",
    "Orange": "telephone and broadband company",
    "Visa": "payment cards and networks",
    "Gap": "chain of clothing stores",
    "Ford": "maker of cars and trucks",
    "Delta": "airline",
    "Uber": "ride hailing app",
    "Slack": "messaging software for teams",
    "Mars": "maker of chocolate and pet food",
    "Ring": "doorbells with cameras",
    "Boss": "fashion house",
}


@pytest.fixture(scope="module")
def model() -> Embedder:
    file = prepared_model(ROOT / ".cache/models")
    assert FOLDER is not None
    assert file is not None
    return MiniLm(file, FOLDER / "tokenizer.json")


@pytest.fixture(autouse=True)
def at_hand(model: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model of this test run, in place of one made anew in the folder of its settings."""
    monkeypatch.setattr(sights, "sentence_model", lambda: model)


def lines_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]


def seen(name: str, text: str) -> Sight | None:
    """The surest place of the name; None where it is not even looked at."""
    found = Matcher([BrandNames(name, name, (name_with_rules(name),))]).find(text)
    return sight_at(max(found, key=lambda one: one.confidence), text) if found else None


def harmonic(said: Floats, right: npt.NDArray[np.bool_]) -> float:
    both = int(((said >= 0.5) & right).sum())
    return 2 * both / (int((said >= 0.5).sum()) + int(right.sum()))


def measured(rows: Sequence[tuple[str, str, bool]], profiles: dict[str, Profile], model: Embedder) -> dict[str, Any]:
    """What signs, profiles and lessons (a fifth set aside at a time) say of the sentences."""
    of_name: defaultdict[str, list[tuple[Sight, bool]]] = defaultdict(list)
    for name, text, right in rows:
        if (sight := seen(name, text)) is not None:
            of_name[name].append((sight, right))
    signs: list[Floats] = []
    cold: list[Floats] = []
    taught: list[Floats] = []
    truth: list[npt.NDArray[np.bool_]] = []
    for name, found in of_name.items():
        right = np.array([one for _, one in found], dtype=np.bool_)
        vectors = vectors_of([sight for sight, _ in found], model)
        odds = np.array([cold_odds(s, v, profiles[name]).odds for (s, _), v in zip(found, vectors, strict=True)])
        codes = tuple(sorted({sign.code for sight, _ in found for sign in sight.signs}))
        amounts = np.array([amounts_of(sight, codes) for sight, _ in found])
        cases = Cases(odds, amounts, vectors, tuple(sight.words for sight, _ in found))
        part, said = folds_of(cases.keys, 5), odds.copy()
        for fold in range(5):
            asked = part == fold
            if asked.any() and right[~asked].any() and not right[~asked].all():
                said[asked] = learn(cases.some(~asked), right[~asked]).fit.odds(cases.some(asked))
        signs.append(chance(np.array([sight.odds for sight, _ in found])))
        cold.append(chance(odds))
        taught.append(chance(said))
        truth.append(right)
    right = np.concatenate(truth)
    ways = {"signs": signs, "profile": cold, "lesson": taught}
    together = {way: np.concatenate(values) for way, values in ways.items()}
    return {way: (harmonic(p, right), float(((p - right) ** 2).mean())) for way, p in together.items()}


def test_a_profile_and_lessons_make_sentences_made_by_hand_surer(model: Embedder) -> None:
    rows = [(r["name"], r["text"], r["company"]) for r in lines_of("ambiguous_sentences.jsonl") if r["name"] in LINES]
    found = measured(rows, {name: Profile(name, f"{name}: {line}") for name, line in LINES.items()}, model)
    assert found["profile"][0] >= 0.89
    assert found["profile"][1] < found["signs"][1], "nearer to the truth than the signs alone"
    assert found["lesson"][0] >= 0.9


def test_on_real_sentences_a_profile_with_namesakes_is_far_better_than_signs(model: Embedder) -> None:
    rows = [(r["name"], r["text"], r["brand"]) for r in lines_of("real_sentences.jsonl")]
    profiles = {
        name: Profile(name, f"{name}: {one['profile']}", tuple(one["namesakes"])) for name, one in PROFILES.items()
    }
    found = measured(rows, profiles, model)
    assert found["profile"][0] >= found["signs"][0] + 0.15
    assert found["profile"][0] >= 0.82
    assert found["profile"][1] <= 0.1
    assert found["lesson"][0] >= 0.88


def test_on_real_sentences_the_dictionary_does_what_nobody_told(model: Embedder) -> None:
    rows = [(r["name"], r["text"], r["brand"]) for r in lines_of("real_sentences.jsonl")]
    line = {name: Profile(name, f"{name}: {one['profile']}") for name, one in PROFILES.items()}
    found = measured(rows, line, model)
    alone = measured(rows, {name: one._replace(looks_up=False) for name, one in line.items()}, model)
    assert found["profile"][0] >= alone["profile"][0] + 0.1
    assert found["profile"][0] >= 0.83
    assert found["profile"][1] <= 0.1
    assert found["lesson"][0] >= 0.9


APPLE = Profile("Apple", "Apple: maker of the iPhone, computers and an app store", ("the fruit, apple pie and cider",))


def said_of(text: str, profile: Profile, model: Embedder) -> tuple[float, list[str]]:
    sight = seen("Apple", text)
    assert sight is not None
    confidence, reasons = BrandJudge(profile).say(sight, vectors_of([sight], model)[0])
    return confidence, [reason.text for reason in reasons]


def test_reasons_say_what_the_sentence_is_about(model: Embedder) -> None:
    sure, why = said_of("Waiting on Apple support to send back the charger of my phone.", APPLE, model)
    unsure, why_not = said_of("We baked an Apple crumble with cinnamon and cider.", APPLE, model)
    assert sure > 0.5 > unsure
    assert "speaks of what the brand is: “Apple: maker of the iPhone, computers and an app store”" in why
    assert "nearer to “the fruit, apple pie and cider” than to the brand" in why_not


def test_likeness_has_no_say_where_the_article_speaks_for_the_brand(model: Embedder) -> None:
    sight = Sight((Sign("common_word", 1.0, "apple"), Sign("context_near", 1.0, "Cupertino")), "Apple pie", 0, 5)
    assert cold_odds(sight, np.zeros(384), APPLE).odds == sight.odds
    assert cold_odds(sight, np.zeros(384), APPLE).reasons == ()


def test_what_signs_would_not_reject_is_put_to_a_person_however_unlike_the_profile(model: Embedder) -> None:
    plain = Profile("Apple", APPLE.line)
    text = "Apple said it would close its canteen in Cork after the flood."
    sight = seen("Apple", text)
    assert sight is not None
    assert sight.odds > 0
    far = model.encode(["Rain fell on the empty stage all night long."])[0].astype(np.float64)
    assert chance(np.array([cold_odds(sight, far, plain).odds]))[0] >= 0.4


TIMES = Profile("Times", "Times: The New York Times, a daily newspaper", ("several times, hard times, points in time",))


def weighed(name: str, text: str, profile: Profile, model: Embedder) -> tuple[float, dict[str, str]]:
    sight = seen(name, text)
    assert sight is not None
    confidence, reasons = BrandJudge(profile).say(sight, vectors_of([sight], model)[0])
    return confidence, {reason.code: reason.text for reason in reasons}


def test_another_name_that_ends_alike_is_no_mention_and_the_brands_own_longer_name_is(model: Embedder) -> None:
    own, why = weighed("Times", "The New York Times said on Monday that it had hired a new editor.", TIMES, model)
    other, why_not = weighed("Times", "The Seattle Times said on Monday that it had hired a new editor.", TIMES, model)
    assert own > 0.8
    assert other < 0.5
    assert "longer_name" not in why
    assert "capital_before" not in why
    assert why_not["longer_name"] == "“Seattle” before it makes another name than the brand's"


def test_an_article_says_nothing_against_a_name_that_goes_with_one(model: Embedder) -> None:
    guardian = Profile("Guardian", "Guardian: The Guardian, a British newspaper", ("somebody who looks after a child",))
    said, why = weighed("Guardian", "He told the Guardian that the newspaper had it wrong.", guardian, model)
    assert said > 0.5
    assert "article" not in why
    plain = Profile("Guardian", "Guardian: a British newspaper", guardian.namesakes)
    assert "article" in weighed("Guardian", "He told the Guardian that the newspaper had it wrong.", plain, model)[1]


def test_a_name_that_people_say_means_more_is_not_called_clear(model: Embedder) -> None:
    text = "Stir a Chipotle pepper into the sauce with two cloves of garlic."
    chipotle = Profile("Chipotle", "Chipotle: American chain of restaurants with burritos and bowls", looks_up=False)
    clear, why = weighed("Chipotle", text, chipotle, model)
    assert "distinctive" in why
    told_apart = chipotle._replace(namesakes=("a smoked chili pepper, an ingredient of sauces",))
    told, why_not = weighed("Chipotle", text, told_apart, model)
    assert told < 0.5 < clear
    assert "distinctive" not in why_not
    assert "nearer to “a smoked chili pepper, an ingredient of sauces” than to the brand" in why_not.values()


SUPREME = Profile("Supreme", "Supreme: streetwear and skateboarding clothes label from New York")


def test_nobody_has_to_tell_what_a_word_means_and_the_dictionary_is_named_as_the_source(model: Embedder) -> None:
    text = "Nothing less than the Supreme sacrifice was asked of the soldiers."
    said, why = weighed("Supreme", text, SUPREME, model)
    assert said < 0.5
    assert why["profile"].startswith("nearer to “")
    assert why["profile"].endswith("” (dictionary) than to the brand")
    shirts, _ = weighed("Supreme", "He queued for a hoodie and a skateboard by Supreme in Manhattan.", SUPREME, model)
    assert shirts > 0.5


def test_a_longer_name_of_the_dictionary_is_another_name(model: Embedder) -> None:
    text = "The label lost its case on hoodies before the Supreme Court on Monday."
    said, why = weighed("Supreme", text, SUPREME, model)
    assert why["known_name"] == "“Supreme Court” is another name in the dictionary"
    fork = SUPREME._replace(off=frozenset(sense.key for sense in senses("supreme")))
    assert "known_name" not in weighed("Supreme", text, fork, model)[1]
    assert said < 0.2


def senses(word: str) -> tuple[Sense, ...]:
    entry = look_up(word)
    assert entry is not None
    return entry.senses


def test_a_longer_name_that_the_brands_own_line_gives_is_no_other(model: Embedder) -> None:
    court = SUPREME._replace(line="Supreme: a magazine about the Supreme Court")
    _, why = weighed("Supreme", "He reads it on the steps of the Supreme Court each week.", court, model)
    assert "known_name" not in why


def test_a_meaning_that_is_the_brand_itself_is_not_held_against_it(model: Embedder) -> None:
    java = "Java: a programming language"
    found = {one.sense.gloss: one.is_brand for one in meanings_of_names(["Java"], java)}
    assert found["a platform-independent object-oriented programming language"]
    assert not found["a beverage consisting of an infusion of ground coffee beans"]
    assert not any(one.is_brand for one in meanings_of_names(["Java"], "Java: a chain of hotels"))


def test_a_meaning_that_is_switched_off_is_not_compared_with(model: Embedder) -> None:
    text = "We baked an Apple crumble with cinnamon and cream."
    fruit = Profile("Apple", APPLE.line)
    said, why = weighed("Apple", text, fruit, model)
    assert said < 0.3
    assert "(dictionary)" in why["profile"]
    off, why_not = weighed("Apple", text, fruit._replace(off=frozenset(one.key for one in senses("apple"))), model)
    assert "(dictionary)" not in why_not["profile"]
    assert off > said


def test_what_people_tell_and_what_the_dictionary_knows_count_together(model: Embedder) -> None:
    told = SUPREME._replace(namesakes=("a pizza with everything on it",))
    _, pizza = weighed("Supreme", "We ordered a Supreme with extra cheese and olives.", told, model)
    assert "nearer to “a pizza with everything on it” than to the brand" in pizza.values()
    _, court = weighed("Supreme", "It was the Supreme sacrifice of his life.", told, model)
    assert "(dictionary)" in court["profile"]


def test_a_name_that_is_no_word_is_weighed_as_before(model: Embedder) -> None:
    text = "Nike wore wings and carried a wreath."
    nike = Profile("Nike", "Nike: maker of sports shoes")
    assert weighed("Nike", text, nike, model) == weighed("Nike", text, nike._replace(looks_up=False), model)


def test_the_initials_of_a_brands_own_longer_name_make_no_other(model: Embedder) -> None:
    text = "Officer in parking dispute is charged, says the NY Times today."
    assert "longer_name" not in weighed("Times", text, TIMES, model)[1]
    assert "longer_name" in weighed("Times", text.replace("NY", "LA"), TIMES, model)[1]


def test_signs_that_speak_for_the_brand_keep_a_sentence_before_a_person(model: Embedder) -> None:
    orange = Profile("Orange", "Orange: telephone and broadband company")
    said, _ = weighed("Orange", "Orange's new chief executive wants to leave Spain.", orange, model)
    assert said >= 0.4
    fruit, _ = weighed("Orange", "She peeled an Orange and gave half to the child.", orange, model)
    assert fruit < 0.2
