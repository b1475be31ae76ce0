"""The sentence model and the tone head, checked against a second reckoning and against held-out news."""

import math
from pathlib import Path

import numpy as np
import pytest

from brandhound.core.settings import Settings
from brandhound.mentions import tone
from brandhound.mentions.tone import ToneInput, judge_tone
from brandhound.mentions.tone_head import shipped_head
from brandhound.mentions.tone_lexicon import read_lexicon
from brandhound.mentions.tone_training import expected_calibration_error, features_of, macro_f1, read_examples
from brandhound.providers import embedding
from brandhound.providers.embedding import MiniLm
from brandhound.providers.minilm import INNER, Floats, Shape, model_folder, prepared_model, read_shape, read_weights
from tests.mentions.tweets import brand_tweets

ROOT = Path(__file__).parents[2]
NEWS = ROOT.parent / "shared/data/d_sentiment/newsmtsc_train.jsonl.gz"
TWEETS = ROOT.parent / "shared/data/d_sentiment/crowdflower_brand_tweets.jsonl.gz"
FOLDER = model_folder()

pytestmark = pytest.mark.skipif(FOLDER is None, reason="the sentence model is not installed")

SENTENCES = [
    "Lumara recalls 40,000 kettles after three kitchen fires.",
    "Yes.",
    "The fashion chain Bello has apologised after the addresses of 210,000 customers were found on an open server.",
]


@pytest.fixture(scope="module")
def model() -> MiniLm:
    return made(eight_bit=True)


def made(*, eight_bit: bool) -> MiniLm:
    file = prepared_model(ROOT / ".cache/models", eight_bit=eight_bit)
    assert FOLDER is not None
    assert file is not None
    return MiniLm(file, FOLDER / "tokenizer.json")


def reckoned(ids: list[int], weights: dict[str, Floats], shape: Shape) -> tuple[Floats, Floats, Floats]:
    """The model in numpy, written from its description and not from our graph: states of tokens, and sentence vector."""

    def normal(x: Floats, part: str) -> Floats:
        spread = np.sqrt(x.var(axis=-1, keepdims=True) + shape.epsilon)
        return (x - x.mean(axis=-1, keepdims=True)) / spread * weights[part + ".weight"] + weights[part + ".bias"]

    def dense(x: Floats, part: str) -> Floats:
        return x @ weights[part + ".weight"].T + weights[part + ".bias"]

    def gelu(x: Floats) -> Floats:
        curve = np.array([math.erf(value / math.sqrt(2)) for value in x.ravel().tolist()], dtype=np.float32)
        return 0.5 * x * (1 + curve.reshape(x.shape))

    words = weights["embeddings.word_embeddings.weight"][ids]
    places = weights["embeddings.position_embeddings.weight"][: len(ids)]
    x = normal(words + places + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    width = shape.width // shape.heads
    inner = x
    for layer in range(shape.layers):
        part = f"encoder.layer.{layer}."
        q, k, v = (
            dense(x, f"{part}attention.self.{name}").reshape(len(ids), shape.heads, width).swapaxes(0, 1)
            for name in ("query", "key", "value")
        )
        scores = q @ k.swapaxes(1, 2) / math.sqrt(width)
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        seen = (scores / scores.sum(axis=-1, keepdims=True)) @ v
        seen = dense(seen.swapaxes(0, 1).reshape(len(ids), shape.width), part + "attention.output.dense")
        x = normal(seen + x, part + "attention.output.LayerNorm")
        wide = gelu(dense(x, part + "intermediate.dense"))
        x = normal(dense(wide, part + "output.dense") + x, part + "output.LayerNorm")
        if layer + 1 == INNER:
            inner = x
    mean = x.mean(axis=0)
    return x, inner, mean / np.linalg.norm(mean)


def test_our_graph_agrees_with_a_second_reckoning_of_the_same_weights() -> None:
    from tokenizers import Tokenizer

    assert FOLDER is not None
    full, weights, shape = (
        made(eight_bit=False),
        read_weights(FOLDER / "model.safetensors"),
        read_shape(FOLDER),
    )
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    tokenizer.no_padding()
    for sentence, read in zip(SENTENCES, full.read(SENTENCES), strict=True):
        states, inner, vector = reckoned(tokenizer.encode(sentence).ids, weights, shape)
        assert np.abs(read.states - states).max() < 1e-3
        assert np.abs(read.inner - inner).max() < 1e-3
        assert float(read.sentence @ vector) > 0.999999


def test_eight_bits_stay_near_the_full_model(model: MiniLm) -> None:
    near = (model.encode(SENTENCES) * made(eight_bit=False).encode(SENTENCES)).sum(axis=1)
    assert near.min() > 0.975


def test_vectors_have_length_one_and_do_not_depend_on_their_neighbours(model: MiniLm) -> None:
    together = model.encode(SENTENCES)
    assert together.shape == (3, 384)
    assert together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert (together[1] == model.encode([SENTENCES[1]])[0]).all()
    assert model.encode([]).shape == (0, 384)


@pytest.fixture
def with_model(model: MiniLm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tone, "settings", lambda: Settings(tone_engine="model"))  # pyright: ignore[reportCallIssue]
    monkeypatch.setattr(tone, "embedder", lambda: model)


@pytest.mark.usefixtures("with_model")
def test_tone_is_toward_the_brand_and_not_of_the_sentence() -> None:
    sentence = "Regulators fined Bello for misleading shoppers, while rival Lumara was praised for its honest labels."
    bello, lumara = judge_tone([ToneInput(sentence, 17, 22, "en"), ToneInput(sentence, 60, 66, "en")])
    assert sentence[17:22] == "Bello"
    assert sentence[60:66] == "Lumara"
    assert bello.probabilities[0] > lumara.probabilities[0]
    assert lumara.probabilities[2] > bello.probabilities[2]


@pytest.mark.usefixtures("with_model")
def test_a_brand_beyond_the_last_token_read_is_judged_by_the_sentence() -> None:
    sentence = "word " * 400 + "Lumara is great."
    (judged,) = judge_tone([ToneInput(sentence, 2000, 2006, "en")])
    assert abs(sum(judged.probabilities) - 1) < 1e-5


def test_without_the_model_the_word_list_serves_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tone, "settings", lambda: Settings(tone_engine="model"))  # pyright: ignore[reportCallIssue]
    monkeypatch.setattr(tone, "embedder", lambda: None)
    (judged,) = judge_tone([ToneInput("Lumara is a terrible, dangerous failure.", 0, 6, "en")])
    assert judged.label == "negative"
    assert judged.engine == "lexicon"
    assert "not installed" in judged.reasons[-1]


def test_a_missing_wheel_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(embedding, "model_folder", lambda: None)
    embedding._load.cache_clear()  # pyright: ignore[reportPrivateUsage]
    assert embedding._load(tmp_path) is None  # pyright: ignore[reportPrivateUsage]
    embedding._load.cache_clear()  # pyright: ignore[reportPrivateUsage]


@pytest.mark.slow
@pytest.mark.skipif(not NEWS.exists(), reason="the news sentences are not here")
def test_the_head_holds_its_figures_on_news_it_has_not_seen(model: MiniLm) -> None:
    held_out = [example for example in read_examples(NEWS) if example.part == "test"]
    labels = np.array([example.label for example in held_out])
    head = shipped_head()
    assert head is not None
    p = head.probabilities(features_of(held_out, model))
    guesses = p.argmax(axis=1)
    assert len(held_out) == 840
    assert float((guesses == labels).mean()) >= 0.715
    assert macro_f1(guesses, labels) >= 0.71
    assert expected_calibration_error(p, labels) <= 0.05
    sure = p.max(axis=1) >= 0.8
    assert float((guesses == labels)[sure].mean()) >= 0.85


@pytest.mark.slow
@pytest.mark.skipif(not TWEETS.exists(), reason="the tweets are not here")
@pytest.mark.usefixtures("with_model")
def test_on_tweets_about_brands_it_is_not_below_the_word_list_alone() -> None:
    items, labels = brand_tweets(TWEETS)
    assert len(items) == 1500
    ours = np.array([one.probabilities for one in judge_tone(items)]).argmax(axis=1)
    readings = [read_lexicon(item.sentence, item.target_start, item.target_end) for item in items]
    for compound in ([one.sentence for one in readings], [one.clause for one in readings]):
        words = np.where(np.array(compound) >= 0.05, 2, np.where(np.array(compound) <= -0.05, 0, 1))
        assert macro_f1(ours, labels) >= macro_f1(words, labels)
