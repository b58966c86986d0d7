"""The public log's tree as it is kept: the hash of every whole subtree, so that a proof reads few rows."""

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.transparency.models import LogBatch, LogNode
from app.transparency.tree import EMPTY, Range, node_hash, split


def size(session: Session) -> int:
    """How many leaves the log has."""
    last = session.scalar(select(func.max(LogBatch.number)))
    return 0 if last is None else last + 1


def append(session: Session, place: int, leaf: bytes) -> None:
    """The leaf and every subtree that it makes whole."""
    made = [{"level": 0, "place": place, "hash": leaf}]
    level = 0
    while place & 1:
        leaf = node_hash(_at(session, level, place - 1), leaf)
        level, place = level + 1, place >> 1
        made.append({"level": level, "place": place, "hash": leaf})
    session.execute(insert(LogNode), made)


def over(session: Session) -> Range:
    """The hash over any run of leaves that a proof asks for."""

    def hash_of(start: int, end: int) -> bytes:
        if start == end == 0:
            return EMPTY
        length = end - start
        if length & (length - 1) == 0 and start % length == 0:
            level = length.bit_length() - 1
            return _at(session, level, start >> level)
        middle = start + split(length)
        return node_hash(hash_of(start, middle), hash_of(middle, end))

    return hash_of


def _at(session: Session, level: int, place: int) -> bytes:
    """Raises LookupError where the tree isn't whole."""
    found = session.scalar(select(LogNode.hash).where(LogNode.level == level, LogNode.place == place))
    if found is None:
        raise LookupError(f"the log has no node {place} on level {level}")
    return found
