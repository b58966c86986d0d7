"""The disposition report as JSON: what is stored of an edition, what is saved as a file, and what the API answers.

The file is the same bytes for ever, so its SHA-256 is the edition's.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from app.kit.clock import BEIJING
from app.reporting.report import ReportFigures, ReportRow

FORMAT = "yanlu.disposition-report.1"
_FIGURES, _ROW = TypeAdapter(ReportFigures), TypeAdapter(ReportRow)


@dataclass(frozen=True)
class EditionHead:
    """Which edition it is. `number` is 0 for a preview, which was never published."""

    number: int
    published_at: datetime
    reason: str


def figures_as_json(figures: ReportFigures) -> dict[str, Any]:
    content: dict[str, Any] = _FIGURES.dump_python(figures, mode="json")
    return content


def row_as_json(row: ReportRow) -> dict[str, Any]:
    content: dict[str, Any] = _ROW.dump_python(row, mode="json")
    return content


def read_figures(content: dict[str, Any]) -> ReportFigures:
    return _FIGURES.validate_python(content)


def read_row(content: dict[str, Any]) -> ReportRow:
    return _ROW.validate_python(content)


def json_pieces(head: EditionHead, figures: ReportFigures, rows: Iterable[ReportRow]) -> Iterator[bytes]:
    """One object: which edition, its figures, and its `rows`, one a line; UTF-8, names in a fixed order."""
    begin = {
        "format": FORMAT,
        "edition": head.number,
        "published_at": head.published_at.astimezone(BEIJING).isoformat(timespec="seconds"),
        "reason": head.reason,
        "figures": figures_as_json(figures),
    }
    yield (_line(begin)[:-1] + ', "rows": [').encode()
    before = "\n"
    for row in rows:
        yield (before + _line(row_as_json(row))).encode()
        before = ",\n"
    yield b"\n]}\n"


def sha256_of(pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
