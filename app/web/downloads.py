"""A file handed out for saving: never shown inside the site, and powerless should a browser show it all the same."""

from urllib.parse import quote

from fastapi.responses import Response

from app.submissions.attachments import content_of
from app.submissions.file_kinds import FileKind

__all__ = ["content_of", "download"]

SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


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
