"""A file handed out for saving: never shown inside the site, and powerless should a browser show it all the same."""

from urllib.parse import quote

from fastapi.responses import Response

from app.kit.blobs import BlobStore, DamagedBlob, NoSuchBlob
from app.kit.errors import NotFound, Unavailable
from app.submissions.file_kinds import FileKind

SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


def content_of(blobs: BlobStore, key: str) -> bytes:
    """Raises NotFound (`file_lost`) and, where files can't be reached now, Unavailable (`files_unreachable`)."""
    try:
        return blobs.get(key)
    except (NoSuchBlob, DamagedBlob) as error:
        raise NotFound("file_lost") from error
    except OSError as error:
        raise Unavailable("files_unreachable") from error


def download(content: bytes, name: str, kind: FileKind) -> Response:
    """`attachment` with the name in both spellings (RFC 6266 §4.3, RFC 8187), of no type that a browser would show."""
    return Response(
        content,
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename=\"file.{kind}\"; filename*=UTF-8''{quote(name, safe='')}",
            "Content-Security-Policy": SANDBOX,
        },
    )
