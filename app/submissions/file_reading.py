"""The confined side of `file_examination`: a program that reads one file from stdin with the parser of its kind.

`look KIND` answers the line `taken`, or one value of FileProblem; `redraw KIND` answers `taken` and the new picture.
"""

import io
import sys
from typing import TYPE_CHECKING

from app.submissions.file_kinds import FileKind

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 64_000_000
"""A telephone's camera makes up to 50 million; four bytes each still fit into the memory of this process."""
MOST_PAGES = 500
QUALITY = 90
_PASSWORD_NEEDED = 4
"""FPDF_ERR_PASSWORD of pdfium's fpdfview.h."""


def look(content: bytes, kind: FileKind) -> str:
    return _look_at_pdf(content) if kind is FileKind.PDF else _look_at_picture(content, kind)


def _look_at_pdf(content: bytes) -> str:
    import pypdfium2  # type: ignore[import-untyped]
    from pypdfium2 import raw as pdfium

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        return "protected" if getattr(error, "err_code", None) == _PASSWORD_NEEDED else "damaged"
    if not 0 < len(document) <= MOST_PAGES:
        return "damaged" if len(document) == 0 else "bomb"
    if pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0 or pdfium.FPDFDoc_GetAttachmentCount(document) > 0:
        return "active"
    return "taken"


def _look_at_picture(content: bytes, kind: FileKind) -> str:
    picture = _opened(content, kind)
    if picture.width * picture.height > MOST_PIXELS:
        return "too_many_pixels"
    picture.load()
    return "taken"


def _opened(content: bytes, kind: FileKind) -> "Image":
    from PIL import Image

    # Ours is the bound; Pillow's own would only warn up to twice its size.
    Image.MAX_IMAGE_PIXELS = None
    return Image.open(io.BytesIO(content), formats=["JPEG" if kind is FileKind.JPEG else "PNG"])


def redraw(content: bytes, kind: FileKind) -> bytes:
    """The pixels, turned as they are meant to be seen, in a new file of the same kind and with nothing beside them."""
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(_opened(content, kind))
    seen = upright.convert("RGB" if kind is FileKind.JPEG else "RGBA")
    drawn, made = Image.frombytes(seen.mode, seen.size, seen.tobytes()), io.BytesIO()
    if kind is FileKind.JPEG:
        drawn.save(made, "JPEG", quality=QUALITY)
    else:
        drawn.save(made, "PNG")
    return made.getvalue()


def main() -> None:
    task, kind, content = sys.argv[1], FileKind(sys.argv[2]), sys.stdin.buffer.read()
    if task == "look":
        sys.stdout.buffer.write(look(content, kind).encode() + b"\n")
    else:
        sys.stdout.buffer.write(b"taken\n" + redraw(content, kind))


if __name__ == "__main__":
    main()
