"""A page of a PDF as an image, with what is cited outlined.

The file is read where its source keeps it, and only while it still has the bytes that were ingested: a page of another
file would be a false citation.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from corpus.documents import Anchor
from corpus.errors import NotFound

_SCALE = 1.6
_MOST_PIXELS = 4_000_000
_OUTLINE = (36, 86, 214)
_TURN = Lock()
"""The library that draws is for one thread at a time."""


def page_png(file: Path, page: int, boxes: Sequence[Anchor]) -> bytes:
    """The page, from 1, as a PNG; `boxes` are anchors on it, in points from its upper left corner.

    Raises `NotFound` where the file has no such page or cannot be drawn.
    """
    with _TURN:
        return _drawn(file, page, boxes)


def _drawn(file: Path, page: int, boxes: Sequence[Anchor]) -> bytes:
    import pypdfium2  # with the next one a twentieth of the service's start, which few requests need
    from PIL import ImageDraw

    try:
        document = pypdfium2.PdfDocument(file)
    except (OSError, pypdfium2.PdfiumError) as error:
        raise NotFound("the page cannot be drawn", item=file.name, next_step="Read its text instead") from error
    try:
        if not 1 <= page <= len(document):
            raise NotFound(f"no page {page}", item=file.name, next_step=f"It has {len(document)}")
        sheet = document[page - 1]
        width, height = sheet.get_size()
        scale = min(_SCALE, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
        image = sheet.render(scale=scale).to_pil().convert("RGB")
    finally:
        document.close()
    draw = ImageDraw.Draw(image)
    for anchor in boxes:
        if anchor.box:
            x0, top, x1, bottom = (scale * edge for edge in anchor.box)
            draw.rectangle((x0 - 4, top - 3, x1 + 4, bottom + 3), outline=_OUTLINE, width=3)
    written = io.BytesIO()
    image.save(written, "PNG", optimize=False)
    return written.getvalue()
