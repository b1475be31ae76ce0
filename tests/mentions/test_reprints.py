"""Copies are told from articles that only look alike."""

import gzip
import json
from collections import Counter, defaultdict
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest

from brandhound.mentions.reprints import (
    BANDS,
    PERMUTATIONS,
    Fingerprint,
    band_keys,
    compare,
    runs_of,
    signature_of,
    stripped,
    words_of,
)
from brandhound.mentions.stories import JOIN_FROM, Neighbourhood, Piece, place, terms_of, words_of_brands
from tests.mentions.newsroom import MONDAY
from tests.mentions.reprinting import make_reprints
from tests.mentions.told_twice import EVENTS

NEWS = Path(__file__).parents[3] / "shared/data/d_sentiment/newsmtsc_train.jsonl.gz"
TEXT = (
    "Lumara is recalling 40,000 of its Aria kettles after three kitchen fires in Kent. A faulty switch supplied by "
    "Boltwerk could overheat, the maker said. Owners should unplug the kettle and ask for a refund. Ines Holt, chief "
    "executive, spoke of a hard day. Fire crews in Dover attended the first fire in March."
)


@lru_cache(maxsize=1)
def pool() -> list[str]:
    with gzip.open(NEWS, "rt", encoding="utf-8") as lines:
        sentences = dict.fromkeys(json.loads(line)["text"] for line in lines)
    return [sentence for sentence in sentences if 40 < len(sentence) < 260]


@pytest.mark.skipif(not NEWS.exists(), reason="the news sentences are not here")
def test_nine_copies_in_ten_are_found_and_hardly_anything_else() -> None:
    made = make_reprints(pool(), originals=240)
    prints = [Fingerprint(article.text) for article in made]
    by_key: defaultdict[int, list[int]] = defaultdict(list)
    found, wrong, copies = 0, 0, 0
    by_kind: Counter[str] = Counter()
    for number, article in enumerate(made):
        near = Counter(other for key in prints[number].bands for other in by_key[key])
        origins = [
            made[other].origin
            for other, _ in near.most_common(20)
            if compare(prints[number], prints[other], same_source=False)
        ]
        if article.kind != "original":
            copies += 1
            found += article.origin in origins
            by_kind[article.kind] += article.origin in origins
        wrong += sum(origin != article.origin for origin in origins)
        for key in prints[number].bands:
            by_key[key].append(number)
    assert found / copies >= 0.9, by_kind
    assert found / (found + wrong) >= 0.98


@pytest.mark.parametrize(
    "copy",
    [
        "LONDON (Reuters) - " + TEXT + "\n(Reporting by Ann Lee; Editing by Sam Ray)",
        "LONDON, Jan 3 (AP) — " + TEXT,
        "By Ann Lee\n" + TEXT.replace("’", "'") + "\n© 2026 Harbour Media. All rights reserved.",
        TEXT.upper(),
        TEXT + "\nSign up for our newsletter.",
    ],
)
def test_datelines_credits_and_case_do_not_hide_a_copy(copy: str) -> None:
    found = compare(Fingerprint(copy), Fingerprint(TEXT), same_source=False)
    assert found is not None
    assert found.containment >= 0.95


def test_a_form_filled_in_twice_is_no_copy() -> None:
    form = (
        "The weather in {0} today will be mostly cloudy with a chance of light rain in the afternoon and a high near {1} "
        "degrees. Winds from the west will reach {2} kilometres an hour. The night will be clear and cool with a low "
        "near {3} degrees, said {4} of the office in {5}. Tomorrow will be mostly sunny with a high near {6} degrees."
    )
    one = form.format("Ghent", 21, 14, 9, "Ann Peeters", "Bruges", 23)
    other = form.format("Leeds", 15, 33, 4, "Tom Arden", "York", 12)
    assert compare(Fingerprint(one), Fingerprint(other), same_source=False) is None


@pytest.mark.parametrize(("one", "other"), [("", ""), ("Lumara", "Lumara"), (TEXT, ""), ("a b", TEXT)])
def test_texts_too_short_to_tell_are_no_copies(one: str, other: str) -> None:
    assert compare(Fingerprint(one), Fingerprint(other), same_source=False) is None


def test_scripts_without_spaces_are_compared_by_character() -> None:
    text = (
        "ルマラ社は火曜日、台所での火災を受けて四万台の電気ケトルを回収すると発表した。原因は部品の不良とみられる。" * 2
    )
    assert len(words_of(text)) > 60
    assert compare(Fingerprint(text), Fingerprint("【東京】" + text), same_source=False) is not None


def test_signatures_estimate_what_a_second_reckoning_estimates() -> None:
    """rensa beside a plain numpy MinHash: both must come near the true share of common runs."""
    chance = np.random.default_rng(1)
    factors, shifts = chance.integers(1, 2**63, (2, PERMUTATIONS), dtype=np.uint64) | np.uint64(1)

    def reference(runs: frozenset[str]) -> list[int]:
        import hashlib

        hashes = [int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest(), "little") for run in runs]
        mixed = (np.array(hashes, dtype=np.uint64)[:, None] * factors + shifts) >> np.uint64(32)
        return [int(value) for value in mixed.min(axis=0)]

    words = [f"word{n}" for n in range(400)]
    for cut in (0, 60, 150, 300):
        one, other = runs_of(words), runs_of([*words[cut:], *(f"other{n}" for n in range(cut))])
        true = len(one & other) / len(one | other)
        for signature in (signature_of, reference):
            pairs = zip(signature(one), signature(other), strict=True)
            assert abs(sum(a == b for a, b in pairs) / PERMUTATIONS - true) < 0.13


def test_band_keys_fit_the_database_and_are_the_same_for_ever() -> None:
    keys = band_keys(list(range(PERMUTATIONS)))
    assert len(set(keys)) == BANDS
    assert all(-(2**63) <= key < 2**63 for key in keys)
    assert keys[0] == band_keys(list(range(PERMUTATIONS)))[0]


def test_datelines_are_cut_off_and_sentences_are_not() -> None:
    assert stripped("Frankfurt/Main (dpa) - Die Firma wächst.") == "Die Firma wächst."
    assert stripped("The firm said - in short - no.") == "The firm said - in short - no."


def told() -> tuple[list[tuple[str, Piece]], Neighbourhood]:
    """Every telling of every event, two hours apart."""
    brands = {name: uuid4() for name in ("Lumara", "Bello", "Vantor")}
    around = Neighbourhood(brand_words=words_of_brands({brand: [name] for name, brand in brands.items()}))
    pieces: list[tuple[str, Piece]] = []
    for at, (event, tellings) in enumerate(EVENTS.items()):
        for number, (title, text) in enumerate(tellings):
            pieces.append(
                (
                    event,
                    Piece(
                        uuid4(),
                        title,
                        MONDAY + timedelta(hours=2 * at + 5 * number),
                        f"site{number}.example",
                        None,
                        terms_of(title, text),
                        frozenset([brands[event.split(":")[0]]]),
                    ),
                )
            )
    return pieces, around


def test_tellings_of_one_event_join_and_two_events_of_one_brand_do_not() -> None:
    pieces, around = told()
    stories: dict[UUID, str] = {}
    joined, wrong = 0, 0
    for event, piece in sorted(pieces, key=lambda one: one[1].published_at):
        placement = place(piece, Fingerprint(""), around, [], [])
        if placement.joins is not None:
            joined += stories[placement.joins] == event
            wrong += stories[placement.joins] != event
        stories[piece.article_id] = event
        around.add(piece)
    assert wrong == 0
    assert joined >= 7  # of 9 that tell an event again


def test_the_same_event_four_days_later_is_a_new_story() -> None:
    pieces, around = told()
    (_, first), (_, second) = pieces[:2]
    around.add(first)
    second.published_at = first.published_at + timedelta(days=4)
    assert place(second, Fingerprint(""), around, [], []).joins is None


def test_a_brand_alone_in_common_joins_nothing() -> None:
    _, around = told()
    brand = frozenset([uuid4()])
    for number in range(3):
        title, text = f"Lumara {number}", f"Lumara and subject{number} thing{number}."
        piece = Piece(uuid4(), title, MONDAY, "a.example", None, terms_of(title, text), brand)
        assert all(around.similarity(piece, other) < JOIN_FROM for other in around.pieces)
        assert place(piece, Fingerprint(text), around, [], []).joins is None
        around.add(piece)
