"""Aether's chunker as a LlamaIndex node parser: documents in, structural passages out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from llama_index.core.node_parser import NodeParser
from llama_index.core.schema import BaseNode
from pydantic import PrivateAttr

from corpus.access import PUBLIC, access_set
from corpus.documents import Document, revision_of
from corpus.ports import WordPieces
from ingest.chunk import chunk
from ingest.parse.registry import parse_file
from service.llamaindex.nodes import as_node


class AetherNodeParser(NodeParser):
    """A `NodeParser` that reads each document in the format its file name says and cuts it by structure.

    The file name is the document's metadata `file_name` or `file_path`, else its id; a name without an extension is
    read as Markdown. The document's id stays its id: deleting by `ref_doc_id` finds its passages.

    access  who may read the passages
    source  the passages' source

    Raises `SourceError` for a text that no parser reads, `AccessError` for a malformed access set.
    """

    _pieces: WordPieces = PrivateAttr()
    _access: frozenset[str] = PrivateAttr()
    _source: str = PrivateAttr()

    def __init__(
        self, pieces: WordPieces, *, access: frozenset[str] = frozenset({PUBLIC}), source: str = "llamaindex"
    ) -> None:
        # LlamaIndex would merge the document's metadata, paths among them, into every prompt.
        super().__init__(include_metadata=False)
        self._pieces = pieces
        self._access = access_set(access)
        self._source = source

    @classmethod
    def class_name(cls) -> str:
        """Name in LlamaIndex's records."""
        return "AetherNodeParser"

    def _parse_nodes(self, nodes: Sequence[BaseNode], show_progress: bool = False, **_: object) -> list[BaseNode]:
        return [as_node(passage) for node in nodes for passage in chunk(self._document(node), self._pieces)]

    def _document(self, node: BaseNode) -> Document:
        name = str(node.metadata.get("file_name") or node.metadata.get("file_path") or node.node_id)
        parsed = parse_file(
            node.get_content().encode("utf-8", "replace"), name if PurePosixPath(name).suffix else f"{name}.md"
        )
        return Document(
            id=node.node_id,
            source=self._source,
            path=name,
            parsed=parsed,
            title=parsed.metadata.title or PurePosixPath(name).stem,
            kind=parsed.metadata.kind or "other",
            access=self._access,
            modified_at=parsed.metadata.date,
            revision=revision_of(parsed.text),
        )
