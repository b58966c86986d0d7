"""Keeping the list of words that staff want to be told of before a text is public."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app import audit
from app.consultations.models import WatchedWord
from app.kit.errors import NotFound, Unprocessable
from app.permissions import Actor, Permission, require

WORD_LIMIT = 60
REMARK_LIMIT = 200


def watch_word(session: Session, actor: Actor, at: datetime, word: str, remark: str) -> None:
    """Puts the word on the list, or gives it another remark.

    Raises Unprocessable for no word, one of several lines or a long one; Conflict when two people add it at once.
    """
    require(actor, Permission.EDIT_COLUMN_RULES)
    kept, remark = word.strip(), remark.strip()
    if not kept or len(kept) > WORD_LIMIT or not kept.isprintable():
        raise Unprocessable("watched_word_form", longest=WORD_LIMIT)
    if len(remark) > REMARK_LIMIT:
        raise Unprocessable("watched_remark_too_long", longest=REMARK_LIMIT)
    session.merge(WatchedWord(word=kept, remark=remark, added_at=at))
    audit.record(session, actor, at, "watched_word.added", ("watched_word", kept), remark=remark)


def unwatch_word(session: Session, actor: Actor, at: datetime, word: str) -> None:
    """Takes the word off the list. Raises NotFound when it isn't on it."""
    require(actor, Permission.EDIT_COLUMN_RULES)
    removed = session.execute(delete(WatchedWord).where(WatchedWord.word == word).returning(WatchedWord.word)).all()
    if not removed:
        raise NotFound("no_such_watched_word", word=word)
    audit.record(session, actor, at, "watched_word.removed", ("watched_word", word))
