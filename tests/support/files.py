"""Small files of the kinds that may be attached, and what only looks like them; and a clamd of our own on loopback."""

import io
import socket
import struct
import threading
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from PIL import Image

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What every scanner finds on purpose. Source: EICAR, Anti-Malware Testfile."""
GPS = 0x8825
"""EXIF's tag of the place. Source: CIPA DC-008, 4.6.3."""
PLACE = {1: "N", 2: (41.0, 48.0, 0.0)}


def jpeg(size: tuple[int, int] = (40, 30), place: bool = False) -> bytes:
    exif, made = Image.Exif(), io.BytesIO()
    if place:
        exif.get_ifd(GPS).update(PLACE)
        exif[0x010F] = "CameraMaker"
    Image.new("RGB", size, (200, 30, 30)).save(made, "JPEG", exif=exif)
    return made.getvalue()


def png(size: tuple[int, int] = (40, 30)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, (30, 30, 200)).save(made, "PNG")
    return made.getvalue()


def huge_png(width: int = 60_000, height: int = 60_000) -> bytes:
    """A picture of 3.6 thousand million pixels in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def pdf(catalogue: str = "", more: str = "") -> bytes:
    """One empty page; `catalogue` and `more` put entries into the catalogue and further objects into the file."""
    objects = [
        f"1 0 obj\n<</Type/Catalog/Pages 2 0 R {catalogue}>>\nendobj\n",
        "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n",
        "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>\nendobj\n",
        more,
    ]
    body, places = "%PDF-1.7\n", []
    for one in filter(None, objects):
        places.append(len(body))
        body += one
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(places) + 1
    body += f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<</Size {count}/Root 1 0 R>>\n"
    return f"{body}startxref\n{body.index('xref')}\n%%EOF\n".encode("ascii")


def pdf_with_script() -> bytes:
    names = "/Names<</JavaScript<</Names[(a) 4 0 R]>>>>"
    return pdf(names, "4 0 obj\n<</S/JavaScript/JS(app.alert\\(1\\))>>\nendobj\n")


CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)


def docx(**members: str | bytes) -> bytes:
    """A document of Word; each further member is named by its path, `__` standing for the slash."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("word/document.xml", "<w:document/>")
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def archive(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return made.getvalue()


@dataclass
class FakeClamd:
    """Answers INSTREAM as clamd does. `answer` overrides what is said; None never answers."""

    address: str
    answer: bytes | None = b""
    contents: list[bytes] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def serve(self, listener: socket.socket) -> None:
        while not self.closing.is_set():
            with suppress(OSError):
                connection, _ = listener.accept()
                with connection:
                    self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        stream = connection.makefile("rb")
        assert stream.read(10) == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(stream.read(4)):
            content += stream.read(size)
        self.contents.append(content)
        if self.answer is None:
            self.closing.wait(10)
        else:
            found = b"stream: Eicar-Test-Signature FOUND" if EICAR in content else b"stream: OK"
            connection.sendall((self.answer or found) + b"\0")


@contextmanager
def clamd(answer: bytes | None = b"", unix_path: str | None = None) -> Iterator[FakeClamd]:
    """A scanner that has stopped when the block is left."""
    if unix_path:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(unix_path)
        listener.listen()
        address = f"unix://{unix_path}"
    else:
        listener = socket.create_server(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    fake = FakeClamd(address, answer)
    thread = threading.Thread(target=fake.serve, args=(listener,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake.closing.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(timeout=10)
        assert not thread.is_alive(), "the scanner did not stop"
