"""The trained network as one int8 ONNX graph, in the form of the bundled encoder (`eval.export_encoder`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eval.export_encoder import Array, Graph, embeddings, encoded, serialized

if TYPE_CHECKING:
    from collections.abc import Mapping


def exported(weights: Mapping[str, Array]) -> bytes:
    """The graph of `SelectorNetwork`'s weights: `input_ids` and `token_type_ids`, int64 [1, tokens], to `score`, float
    [1, 1]. The head stays float."""
    from onnx import TensorProto, helper

    graph = Graph({name.removeprefix("body."): value for name, value in weights.items()})
    tokens = encoded(graph, embeddings(graph, typed=True))
    asked, text = _means(graph, tokens)
    opening = graph.add("Gather", [tokens, graph.constant("first", np.array([0]))], "opening_row", axis=1)
    opening = graph.add("Squeeze", [opening, "second_axis"], "opening")
    both = graph.add("Mul", [asked, text], "both")
    apart = graph.add("Abs", [graph.add("Sub", [asked, text], "difference")], "apart")
    joined = graph.add("Concat", [opening, both, apart], "joined", axis=-1)
    bent = graph.add("Tanh", [_float(graph, joined, "inner", "head.0")], "bent")
    _float(graph, bent, "score", "head.3")
    given = [
        helper.make_tensor_value_info(name, TensorProto.INT64, [1, "tokens"])
        for name in ("input_ids", "token_type_ids")
    ]
    return serialized(
        graph, "minilm-selector-int8", given, helper.make_tensor_value_info("score", TensorProto.FLOAT, [1, 1])
    )


def _means(graph: Graph, tokens: str) -> tuple[str, str]:
    """The mean token of the question and of the text, [1, 384] each."""
    from onnx import TensorProto

    axis = graph.constant("second_axis", np.array([1]))
    of_text = graph.add("Cast", ["token_type_ids"], "of_text", to=TensorProto.FLOAT)
    of_question = graph.add("Sub", [graph.constant("whole_mask", np.array(1, np.float32)), of_text], "of_question")
    means = []
    for name, mask in (("asked", of_question), ("text", of_text)):
        row = graph.add("Unsqueeze", [mask, axis], f"{name}.row")
        total = graph.add("MatMul", [row, tokens], f"{name}.total")
        total = graph.add("Squeeze", [total, axis], f"{name}.sum")
        count = graph.add("ReduceSum", [mask, axis], f"{name}.count", keepdims=1)
        means.append(graph.add("Div", [total, count], name))
    return means[0], means[1]


def _float(graph: Graph, x: str, name: str, key: str) -> str:
    weight = graph.constant(f"{name}.w", graph.weights[f"{key}.weight"].T)
    return graph.add("Gemm", [x, weight, graph.constant(f"{name}.b", graph.weights[f"{key}.bias"])], name)
