"""Passages as LlamaIndex text nodes, and back.

A node's text is the quotable text. Its metadata are the passage's other fields, of which a prompt and an encoder see
only the header (title, section path, kind, status): paths, spans and access sets never enter a prompt. The content
of a node in embedding mode is the passage's indexed text.
"""

from __future__ import annotations

from dataclasses import asdict, fields

from llama_index.core.schema import BaseNode, NodeRelationship, NodeWithScore, RelatedNodeInfo, TextNode

from corpus.errors import UsageError
from corpus.passages import Passage

_SHOWN = "header"
_KEPT = tuple(f.name for f in fields(Passage) if f.name not in ("id", "text"))
_HIDDEN = [name for name in _KEPT if name != _SHOWN]


def as_node(passage: Passage) -> TextNode:
    """The passage as a node whose source is its document."""
    values = asdict(passage)
    return TextNode(
        id_=passage.id,
        text=passage.text,
        metadata={name: list(v) if isinstance(v := values[name], tuple) else v for name in _KEPT},
        excluded_llm_metadata_keys=_HIDDEN,
        excluded_embed_metadata_keys=_HIDDEN,
        metadata_template="{value}",
        text_template="{metadata_str}\n{content}",
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=passage.document)},
    )


def as_scored(passage: Passage, score: float) -> NodeWithScore:
    """The passage as a scored node."""
    return NodeWithScore(node=as_node(passage), score=score)


def as_passage(node: BaseNode) -> Passage:
    """The passage that a node of `as_node` holds. Raises `UsageError` for a node of another make."""
    lacking = [name for name in _KEPT if name not in node.metadata]
    if lacking or not isinstance(node, TextNode):
        raise UsageError(
            f"not a node of Aether, it lacks {', '.join(lacking) or 'text'}",
            item=node.node_id,
            next_step="Cut documents with AetherNodeParser",
        )
    values = {name: node.metadata[name] for name in _KEPT}
    values |= {"section": tuple(values["section"]), "access": tuple(values["access"])}
    return Passage(id=node.node_id, text=node.text, **values)
