"""Pages of paper from HTML, where WeasyPrint is installed (the extra `pdf`).

Each is rendered by a program of its own, which this module is when it is run as one: HTML by stdin, PDF by stdout. It
has bounds of time and memory and no network, it fetches nothing, and at most AT_ONCE of them run.
"""

import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from threading import BoundedSemaphore

from app.documents.formats.confinement import CrashedError, Limits, TimeIsUpError, run_confined
from app.kit.errors import Unavailable

AT_ONCE = 2
LIMITS = Limits(seconds=30, megabytes=2048)
ROOT = Path(__file__).resolve().parents[3]
STYLES = ("css/tokens.css", "css/paper.css")

_places = BoundedSemaphore(AT_ONCE)
_PROGRAM = (sys.executable, "-P", "-s", "-m", "app.web.public.receipt_pdf")


def is_installed() -> bool:
    return find_spec("weasyprint") is not None


def render(html: str) -> bytes:
    """The document as a PDF. Raises Unavailable when it isn't installed, takes too long, or AT_ONCE others are made."""
    if not is_installed():
        raise Unavailable("no_pdf")
    if not _places.acquire(blocking=False):
        raise Unavailable("pdf_busy")
    try:
        with tempfile.TemporaryDirectory(prefix="yanlu-", ignore_cleanup_errors=True) as folder:
            surroundings = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
            return run_confined(_PROGRAM, Path(folder), LIMITS, content=html.encode(), extra=surroundings)
    except (TimeIsUpError, CrashedError) as error:
        raise Unavailable("no_pdf") from error
    finally:
        _places.release()


def main() -> None:
    """Imported only here, in the process that renders."""
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    class Nothing(URLFetcher):  # type: ignore[misc]  # the library has no types
        def fetch(self, url: str, headers: object = None) -> object:
            raise ValueError("nothing is fetched")

    styles = [CSS(string=(ROOT / "static" / name).read_text("utf-8"), url_fetcher=Nothing()) for name in STYLES]
    document = HTML(string=sys.stdin.buffer.read().decode(), url_fetcher=Nothing())
    sys.stdout.buffer.write(document.write_pdf(stylesheets=styles) or b"")


if __name__ == "__main__":
    main()
