"""The switch to 先审后发, and the words for which a comment waits. Both hold for the very next comment."""

import uuid
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.consultations.models import Consultation, ConsultationTerms
from app.consultations.terms import DisplayTerms, FormTerms
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.reasons import due
from app.permissions import EVERYWHERE, Actor, Permission, require
from app.submissions.guard import BadPattern, parts_of
from app.submissions.guarding import SWITCH_ID, starter_words
from app.submissions.lifecycle import OF_WORDS, HoldReason
from app.submissions.models import DisplaySwitch, GuardWord

WORD_LIMIT = 60
REMARK_LIMIT = 200


def switch_column(session: Session, actor: Actor, at: datetime, reviews_first: bool, reason: str) -> None:
    """From now on, whatever arrives anywhere on the column waits for a person; or no longer does.

    It concerns what arrives: what is displayed stays so, what waits goes on waiting. Raises Conflict where it stands so
    already, Unprocessable without a reason.
    """
    require(actor, Permission.SWITCH_DISPLAY, within=EVERYWHERE)
    switch = _switch(session)
    if switch.reviews_first is reviews_first:
        raise Conflict("switched_already")
    switch.reviews_first, switch.changed_at, switch.reason = reviews_first, at, due(reason)
    audit.record(session, actor, at, _act(reviews_first), ("column", "display"), reason=due(reason))


def switch_consultation(
    session: Session, actor: Actor, at: datetime, consultation_id: uuid.UUID, reviews_first: bool, reason: str
) -> None:
    """The same for one consultation. Where the whole column is switched, it is so for each of them all the same.

    Raises NotFound besides.
    """
    require(actor, Permission.SWITCH_DISPLAY)
    if session.get(Consultation, consultation_id, with_for_update=True) is None:
        raise NotFound("no_such_consultation")
    terms = session.get(ConsultationTerms, consultation_id)
    if (terms is not None and terms.reviews_first) is reviews_first:
        raise Conflict("switched_already")
    words = due(reason)
    if terms is None:
        terms = ConsultationTerms(consultation_id=consultation_id, **asdict(FormTerms()), **asdict(DisplayTerms()))
        session.add(terms)
    terms.reviews_first = reviews_first
    audit.record(session, actor, at, _act(reviews_first), ("consultation", consultation_id), reason=words)


def add_guard_word(session: Session, actor: Actor, at: datetime, word: str, reason: HoldReason, remark: str) -> None:
    """A comment with this word or pattern (`guard.py`) waits from now on; one of the starter list counts again.

    Raises Unprocessable for what is no pattern, too long, or a reason that no word gives.
    """
    require(actor, Permission.EDIT_COLUMN_RULES)
    kept, remark = word.strip(), remark.strip()
    if not _is_pattern(kept):
        raise Unprocessable("guard_word_form", longest=WORD_LIMIT)
    if len(remark) > REMARK_LIMIT or reason not in OF_WORDS:
        raise Unprocessable("guard_remark_too_long", longest=REMARK_LIMIT)
    session.merge(GuardWord(word=kept, reason=reason, remark=remark, struck=False, added_at=at))
    _switch(session).words_revision += 1
    audit.record(session, actor, at, "guard_word.added", ("guard_word", kept), why=reason.value, remark=remark)


def remove_guard_word(session: Session, actor: Actor, at: datetime, word: str) -> None:
    """No comment waits for it any more; of the starter list it is struck. Raises NotFound."""
    require(actor, Permission.EDIT_COLUMN_RULES)
    starter = starter_words()
    known = session.get(GuardWord, word)
    if known.struck if known is not None else word not in starter:
        raise NotFound("no_such_guard_word", word=word)
    if word in starter:
        session.merge(GuardWord(word=word, reason=starter[word], remark="", struck=True, added_at=at))
    else:
        session.delete(known)
    _switch(session).words_revision += 1
    audit.record(session, actor, at, "guard_word.removed", ("guard_word", word))


def _switch(session: Session) -> DisplaySwitch:
    return session.get_one(DisplaySwitch, SWITCH_ID, with_for_update=True)


def _act(reviews_first: bool) -> str:
    return "display.reviewed_first" if reviews_first else "display.at_once"


def _is_pattern(word: str) -> bool:
    try:
        parts_of(word)
    except BadPattern:
        return False
    return len(word) <= WORD_LIMIT and word.isprintable()
