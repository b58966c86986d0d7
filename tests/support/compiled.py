"""What each test would otherwise compile anew, because it opens stores and builds applications of its own.

The service compiles a statement and a template once and keeps them as long as it runs; here all stores of a kind and
all applications share what they have compiled. It was more than a third of the suite's time.
"""

from collections import defaultdict
from functools import partial

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

from app.kit import database
from app.web import templating

MOST_STATEMENTS = 1000
_statements: defaultdict[str, LRUCache] = defaultdict(lambda: LRUCache(MOST_STATEMENTS))
_make_engine = database.make_engine


def share() -> None:
    """From now on, for engines of `database.make_engine` and pages of `templating.Pages`."""
    # A compiled statement is kept under its dialect: two dialects of one class are one.
    DefaultDialect.__hash__ = lambda self: hash(type(self))
    DefaultDialect.__eq__ = lambda self, other: type(self) is type(other)
    database.make_engine = _sharing_engine
    templating.Environment = partial(Environment, bytecode_cache=_Templates())


def _sharing_engine(url: str) -> Engine:
    engine = _make_engine(url)
    engine._compiled_cache = _statements[engine.dialect.name]
    return engine


class _Templates(BytecodeCache):
    """In memory. A template that has changed since has another checksum and is compiled again."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()
