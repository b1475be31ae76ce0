"""Sentences as vectors, by the embedded model: on this machine, one thread, no key.

Where the model's wheel is not installed `embedder()` is None, and whoever uses it says what is lost.
"""

import logging
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from brandhound.core.settings import settings
from brandhound.providers.minilm import ModelDamaged, model_folder, prepared_model

Floats = npt.NDArray[np.float32]

WIDTH = 384
LONGEST = 160
"""Tokens of a sentence that are looked at."""

_log = logging.getLogger("brandhound.embedding")


@dataclass(frozen=True)
class EncodedSentence:
    """A sentence's vector, and one state for each token with the characters the token stands for."""

    sentence: Floats
    states: Floats
    inner: Floats
    """The same of an earlier layer, where tokens are more themselves."""
    offsets: tuple[tuple[int, int], ...]


class Embedder(Protocol):
    """Turns sentences into vectors of 384 numbers and length 1."""

    def encode(self, sentences: Sequence[str]) -> Floats:
        """One row for each sentence, in their order."""
        ...

    def read(self, sentences: Sequence[str]) -> list[EncodedSentence]:
        """Vector and token states for each sentence, in their order."""
        ...


class MiniLm:
    """The embedded model. Safe to use from several threads.

    One sentence at a time: eight-bit arithmetic is scaled by all that is in a batch, so that a sentence's vector would
    depend on its neighbours. Alone it is the same for ever, a little nearer to the full model, and as fast.
    """

    def __init__(self, model: Path, tokenizer: Path) -> None:
        # Tokenising is quick; its thread pool would fight with the one thread of the model.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import onnxruntime
        from tokenizers import Tokenizer

        runtime: Any = onnxruntime
        options = runtime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # The arena keeps the largest input's memory for ever: 793 to 366 MB without it, at no cost in speed.
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        # Processors with AVX2 but no VNNI add two products of eight bits in sixteen, which overflows: signed weights are taken
        # as unsigned there, which does not, and is faster as well. Others do as before (ONNX Runtime 1.32, its session
        # options, 27 November 2026).
        options.add_session_config_entry("session.x64quantprecision", "1")
        self._session: Any = runtime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokenizer: Any = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.no_padding()

    def encode(self, sentences: Sequence[str]) -> Floats:
        vectors = np.zeros((len(sentences), WIDTH), dtype=np.float32)
        for row, sentence in enumerate(sentences):
            vectors[row] = self._read(sentence).sentence
        return vectors

    def read(self, sentences: Sequence[str]) -> list[EncodedSentence]:
        return [self._read(sentence) for sentence in sentences]

    def _read(self, sentence: str) -> EncodedSentence:
        encoding: Any = self._tokenizer.encode(sentence)
        ids = np.array([encoding.ids], dtype=np.int64)
        states, inner, vector = self._session.run(
            ["token_states", "inner_states", "sentence"], {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        )
        return EncodedSentence(
            vector[0], states[0], inner[0], tuple((int(start), int(end)) for start, end in encoding.offsets)
        )


_lock = threading.Lock()


def embedder() -> Embedder | None:
    """The sentence model of this process, loaded on first use; None where it is not installed or is damaged."""
    with _lock:
        return _load(settings().data_dir / "models")


@lru_cache(maxsize=1)
def _load(cache: Path) -> MiniLm | None:
    folder = model_folder()
    if folder is None:
        _log.warning("the sentence model is not installed: tone is read from a word list")
        return None
    try:
        model = prepared_model(cache)
    except (ModelDamaged, OSError) as problem:
        _log.warning("the sentence model cannot be used: %s", problem)
        return None
    return MiniLm(model, folder / "tokenizer.json") if model else None
