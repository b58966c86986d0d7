"""Static files under names that carry their content's hash, so that browsers may keep them for ever."""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.kit.errors import NotFound
from app.web.compression import accepts_gzip, smaller

FOLDER = Path(__file__).resolve().parents[2] / "static"
FOREVER = "public, max-age=31536000, immutable"
TYPES = {".svg": "image/svg+xml", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


@dataclass(frozen=True)
class StaticFile:
    """One file; `gzip` is None where it gains nothing."""

    content: bytes
    gzip: bytes | None
    kind: str


class StaticFiles:
    """All files of a folder, in memory: plain path → hashed name → content, as it is and by gzip where that is less."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.names: dict[str, str] = {}
        self.contents: dict[str, StaticFile] = {}
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                plain = path.relative_to(folder).as_posix()
                content = path.read_bytes()
                digest = hashlib.sha256(content).hexdigest()[:12]
                hashed = f"{plain.removesuffix(path.suffix)}.{digest}{path.suffix}"
                kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
                self.names[plain] = hashed
                self.contents[hashed] = StaticFile(content, smaller(content), kind)

    def hashed(self, plain: str) -> str:
        """Raises KeyError for a file that isn't there, so that a page with a wrong name fails in the tests."""
        return self.names[plain]


router = APIRouter()


@router.get("/static/{path:path}", name="static", include_in_schema=False)
async def static_file(path: str, request: Request) -> Response:
    """From memory, so that it needs no thread."""
    files: StaticFiles = request.app.state.services.static
    found = files.contents.get(path)
    if found is None:
        raise NotFound
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if found.gzip and accepts_gzip(request.headers.get("accept-encoding", "")):
        return Response(found.gzip, media_type=found.kind, headers=headers | {"Content-Encoding": "gzip"})
    return Response(found.content, media_type=found.kind, headers=headers)
