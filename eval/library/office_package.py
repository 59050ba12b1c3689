"""An Office file with the time of its making taken out of its archive, so that the same content gives the same file."""

from __future__ import annotations

import io
import zipfile

_EPOCH = (1980, 1, 1, 0, 0, 0)


def settled(package: bytes) -> bytes:
    """The same package with its parts in order of name and one fixed time."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        # The list of content types comes first, as the format's readers expect.
        for name in sorted(old.namelist(), key=lambda part: (part != "[Content_Types].xml", part)):
            new.writestr(zipfile.ZipInfo(name, _EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
