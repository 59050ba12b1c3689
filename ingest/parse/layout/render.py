"""Which letters of a PDF page are drawn at all.

A PDF may set text without drawing it (text rendering mode 3). Scanners put the words they recognised over the picture
of the page that way; others hide instructions that way. pdfplumber does not tell the mode, so the page is rendered here
with its own device, which tags those letters.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pdfplumber.page import Page, PDFPageAggregatorWithMarkedContent

UNDRAWN = "aether:undrawn"
_INVISIBLE_MODES = (3, 7)


def tag_undrawn(page: Page) -> None:
    """Lays the page out, once, so that the `tag` of a letter that is not drawn is `UNDRAWN`."""
    from pdfminer.pdfinterp import PDFPageInterpreter

    device = _device_class()(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
    PDFPageInterpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    page._layout = device.get_result()


@cache
def _device_class() -> type[PDFPageAggregatorWithMarkedContent]:
    from pdfplumber.page import PDFPageAggregatorWithMarkedContent

    class Device(PDFPageAggregatorWithMarkedContent):  # type: ignore[misc]
        """pdfplumber's device, which also remembers how text is rendered."""

        mode = 0

        def render_string(self, textstate: Any, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - of the vendor
            self.mode = textstate.render
            super().render_string(textstate, *args, **kwargs)
            self.mode = 0

        def tag_cur_item(self) -> None:
            super().tag_cur_item()
            if self.mode in _INVISIBLE_MODES and self.cur_item._objs:
                self.cur_item._objs[-1].tag = UNDRAWN

    return Device
