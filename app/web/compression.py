"""Pages in fewer bytes (gzip, RFC 9110 §8.4.1), and why not all of them.

Who can choose a part of a compressed page and see its length on the wire can guess a secret in it, letter by letter
(BREACH, CVE-2013-3587); our pages carry the address's own query in their links. So a page is compressed only where it
can hold nobody's secret: asked for by GET, without any cookie but the reader's choices of language and view. That is
every first look at a draft and at its form, whose tokens are made anew for each request. What is sent in, whatever
knows a receipt, a sign-in or a session, goes out as it is. A proxy in front must not compress what we didn't.
"""

import gzip

from fastapi import Request

from app.web.choices import CARE, SIZE
from app.web.i18n import LANGUAGE

LEVEL = 6
SHORT = 1024
"""Bytes below which nothing is gained."""
HARMLESS = frozenset(choice.cookie for choice in (LANGUAGE, SIZE, CARE))


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether the header names gzip and doesn't refuse it by `q=0` (RFC 9110 §12.5.3)."""
    for item in accept_encoding.split(","):
        coding, _, weight = item.partition(";")
        if coding.strip().lower() == "gzip":
            value = weight.strip().lower().removeprefix("q=").strip()
            return not value or value.strip("0.") != ""
    return False


def holds_no_secret(request: Request) -> bool:
    """Whether the answer is the same for everybody, apart from tokens that are made anew each time."""
    if request.method not in ("GET", "HEAD"):
        return False
    return "authorization" not in request.headers and _names(request) <= HARMLESS


def _names(request: Request) -> set[str]:
    pairs = ";".join(request.headers.getlist("cookie")).split(";")
    return {pair.partition("=")[0].strip() for pair in pairs if pair.strip()}


def smaller(content: bytes) -> bytes | None:
    """The content by gzip, the same bytes for the same content; None where that gains nothing."""
    made = gzip.compress(content, LEVEL, mtime=0) if len(content) >= SHORT else content
    return made if len(made) < len(content) else None
