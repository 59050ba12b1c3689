"""unstructured, made to work offline: the only door to that library.

As shipped, unstructured 0.27 downloads a spaCy model at first use and reports each call to its makers. What it needs
the model for is sentence ends and a part-of-speech tag that says whether a line has a verb; a blank English pipeline
with spaCy's rule-based sentence splitter and a small rule for verbs serves as well, since headings and lists are
recognised by their Word styles and numbering here. The replaced function is private, so its presence is asserted and
the version is pinned in pyproject.
"""

from __future__ import annotations

import io
import os
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from unstructured.documents.elements import Element

_VERB = re.compile(
    r"(?:am|is|are|was|were|be|been|being|has|have|had|do|does|did|can|could|will|would|shall|should|may|might|must)"
    r"|[a-z]{2,}(?:ed|ing|es|s)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class WordElement:
    """One element of a Word document as unstructured sees it.

    category  unstructured's name of it: Title, ListItem, NarrativeText, Text, Table, Header, Footer, PageBreak ...
    depth     from 0, of a Title or ListItem
    html      of a Table its rows as HTML, else ""
    """

    category: str
    text: str
    depth: int
    html: str


def word_elements(data: bytes) -> list[WordElement]:
    """The elements of a DOCX file in reading order, numbers of numbered paragraphs included."""
    _work_offline()
    from unstructured.partition.docx import partition_docx

    elements = partition_docx(file=io.BytesIO(data), languages=["eng"], include_page_breaks=False)
    return [_element(e) for e in elements]


def _element(element: Element) -> WordElement:
    meta = element.metadata
    return WordElement(element.category, element.text, meta.category_depth or 0, meta.text_as_html or "")


@cache
def _work_offline() -> None:
    """Silences telemetry and puts the rule-based pipeline in place, once a process."""
    os.environ["DO_NOT_TRACK"] = "1"
    os.environ["SCARF_NO_ANALYTICS"] = "true"
    os.environ["UNSTRUCTURED_DISABLE_NOTICE"] = "1"
    import spacy
    from spacy.language import Language
    from unstructured.nlp import tokenize

    if not callable(getattr(tokenize, "_get_nlp", None)):
        raise RuntimeError("unstructured.nlp.tokenize._get_nlp is gone: pin unstructured==0.27.32")

    @Language.component("aether_verb_rule")
    def verb_rule(doc: Doc) -> Doc:
        for token in doc:
            token.tag_ = "VBZ" if _VERB.fullmatch(token.text) else "NN"
        return doc

    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    pipeline.add_pipe("aether_verb_rule")
    setattr(tokenize, "_get_nlp", lambda: pipeline)  # noqa: B010 - a private name of an untyped module
