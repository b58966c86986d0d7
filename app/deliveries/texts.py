"""Short messages (SMS): a way out by an interface, and a folder that a gateway of the place's own empties.

A text has at most PARTS parts; one alone takes 70 characters, several 67 each (3GPP TS 23.040, UCS-2). Beyond the
number it is sent to it holds nothing of a person.
"""

import json
import os
import tempfile
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from app.deliveries.channels import Unreachable

ALONE, IN_PARTS, PARTS = 70, 67, 3
LONGEST = IN_PARTS * PARTS


@dataclass(frozen=True)
class Text:
    """One short message; sent again after a lost answer, it has the same id."""

    id: uuid.UUID
    number: str = field(repr=False)
    words: str


class TextChannel(Protocol):
    """Sends one short message at a time."""

    def send(self, text: Text) -> None:
        """Whoever is next on the way has accepted the message when this returns. Raises NotDelivered."""


def fitted(words: str) -> str:
    """The words in at most PARTS parts; what is too long ends in an ellipsis."""
    plain = " ".join(words.split())
    return plain if _length(plain) <= LONGEST else _cut(plain)


def parts(words: str) -> int:
    """How many parts a gateway counts."""
    length = _length(words)
    return 1 if length <= ALONE else -(-length // IN_PARTS)


def _length(words: str) -> int:
    """In units of UTF-16: a character beyond the first plane takes two."""
    return len(words.encode("utf-16-le")) // 2


def _cut(words: str) -> str:
    while _length(words) > LONGEST - 1:
        words = words[:-1]
    return f"{words}…"


class FolderTextChannel:
    """Writes each message as a JSON file that only this user may read; the same message again replaces it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, text: Text) -> None:
        content = {"id": str(text.id), "number": text.number, "text": text.words, "parts": parts(text.words)}
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, aside = tempfile.mkstemp(dir=self._folder, prefix=".text-")
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(content, file, ensure_ascii=False)
            Path(aside).replace(self._folder / f"{text.id}.json")
        except OSError as error:
            raise Unreachable(type(error).__name__) from None
