"""What was found in a text: kinds of personal data and where they stand."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["id_number", "phone", "email", "im", "bank_card", "address", "name"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points, end exclusive, and what kind of personal data stands there."""

    start: int
    end: int
    kind: Kind


COVER = "*"
"""Stands for what is covered, in the text that is searched and in the one that is shown; no pattern crosses it."""


def covered(text: str, spans: list[Span]) -> str:
    """The text of the same length with every span filled with `COVER`, so that nothing later sees or bridges it."""
    pieces: list[str] = []
    position = 0
    for span in sorted(spans):
        pieces.append(text[position : span.start])
        pieces.append(COVER * (span.end - max(span.start, position)))
        position = max(span.end, position)
    return "".join([*pieces, text[position:]])


def without_overlaps(spans: list[Span], length: int) -> list[Span]:
    """The spans that share no code point with an earlier one of the list, in the order of a text of that length."""
    taken = bytearray(length)
    chosen: list[Span] = []
    for span in spans:
        if span.start < span.end and not any(taken[span.start : span.end]):
            taken[span.start : span.end] = b"\x01" * (span.end - span.start)
            chosen.append(span)
    return sorted(chosen)
