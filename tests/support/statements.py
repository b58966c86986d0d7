"""Every test opens stores of its own, and each would compile the same statements anew: a third of the suite's time.

The service compiles a statement once and keeps it as long as its one engine lives; here all engines of a kind share
what they have compiled. SQLAlchemy keeps a compiled statement by its dialect, so two dialects of one class are one.
"""

from collections import defaultdict

from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

from app.kit import database

MOST_KEPT = 4000
_kept: defaultdict[str, LRUCache] = defaultdict(lambda: LRUCache(MOST_KEPT))
_make_engine = database.make_engine


def share_compiled() -> None:
    """From now on; an engine is made by `database.make_engine`."""
    DefaultDialect.__hash__ = lambda self: hash(type(self))
    DefaultDialect.__eq__ = lambda self, other: type(self) is type(other)
    database.make_engine = _sharing


def _sharing(url: str) -> Engine:
    engine = _make_engine(url)
    engine._compiled_cache = _kept[engine.dialect.name]
    return engine
