"""How alike two comments are, whatever draft they are about: vectors whose product is their likeness, -1 to 1.

Only the worker makes them. A vector is put together of what the comment means, of the table's concepts that this is
near to, and of those that its words name; where the model can't run, of the named concepts and of its letters.
"""

import zlib
from collections.abc import Sequence
from math import log, sqrt

import numpy as np

from app.documents.matching.embedding import LONGEST_COMMENT, Model
from app.documents.matching.synonyms import Synonyms
from app.documents.matching.vectors import Floats, Space, nearest_concepts, space_of
from app.documents.matching.wording import comment_features, sound

LETTER_PARTS = 512
MEANING, KINDRED, NAMED = 0.5, 0.3, 0.2
NAMED_ALONE, LETTERS = 0.7, 0.3
"""Shares of the likeness, without the model the second line. Chosen on the labelled comments of docs/matching.md."""
_BYTES = 127.0


class Likeness:
    """Makes vectors of one `method`: only those can be compared. The same text always gives the same vector."""

    def __init__(self, model: Model | None, synonyms: Synonyms) -> None:
        self._synonyms = synonyms
        self._space: Space | None = space_of(model, synonyms) if model is not None else None
        self._place = {concept.name: place for place, concept in enumerate(synonyms.concepts)}
        table = zlib.crc32("\n".join(self._place).encode())
        self.by_meaning = model is not None
        self.method = f"{'meaning' if self.by_meaning else 'letters'}-1-{table:08x}"

    def vector(self, text: str) -> Floats:
        """A comment as a vector of length one; of a longer one, its first LONGEST_COMMENT characters."""
        read = sound(text)[:LONGEST_COMMENT]
        named = self._named(read)
        if self._space is None:
            return _together([(NAMED_ALONE, named), (LETTERS, by_letters(read))])
        meaning = self._space.query(read if read.strip() else "意见")
        kindred = unit(nearest_concepts(self._space.likeness(meaning)[0]))
        return _together([(MEANING, meaning), (KINDRED, kindred), (NAMED, named)])

    def _named(self, text: str) -> Floats:
        made = np.zeros(len(self._place), dtype=np.float32)
        for name in self._synonyms.find(text).counts:
            made[self._place[name]] = 1.0
        return unit(made)


def by_letters(text: str) -> Floats:
    """A text's pairs and triples of characters."""
    made = np.zeros(LETTER_PARTS, dtype=np.float32)
    for run, count in comment_features(text).items():
        if len(run) > 1:
            code = zlib.crc32(run.encode("utf-8", "replace"))
            made[code % LETTER_PARTS] += (1 if code & 0x8000_0000 else -1) * (1 + log(count))
    return unit(made)


def unit(vector: Floats) -> Floats:
    """The same direction with length one; nothing stays nothing."""
    length = float(np.linalg.norm(vector))
    return vector if length < 1e-6 else np.asarray(vector / length, dtype=np.float32)


def packed(vector: Floats) -> bytes:
    """A vector as whole numbers of -127 to 127, one byte each."""
    return bytes(np.round(vector * _BYTES).clip(-_BYTES, _BYTES).astype(np.int8).tobytes())


def unpacked(data: bytes) -> Floats:
    """What `packed` kept, of length one."""
    return unit(np.frombuffer(data, dtype=np.int8).astype(np.float32))


def _together(parts: Sequence[tuple[float, Floats]]) -> Floats:
    return unit(np.concatenate([sqrt(share) * part for share, part in parts]).astype(np.float32))
