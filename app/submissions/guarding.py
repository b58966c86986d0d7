"""Whether a comment is displayed when it arrives, or waits for a person: the guard's words, copies, and the switch."""

import secrets
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import Any

import structlog
from sqlalchemy import bindparam, func, select, true
from sqlalchemy.orm import Session

from app.consultations.models import ConsultationTerms
from app.submissions.guard import Checker, ListedWord, WordList, folded, read_starter_list
from app.submissions.lifecycle import DisplayState, HoldReason
from app.submissions.models import DisplayedComment, DisplaySwitch, GuardWord

SWITCH_ID = 1
COPIES_SHOWN = 20
NUMBER_BITS = 60
"""Of a public number (`public_numbers`)."""

_log = structlog.get_logger()


@dataclass(frozen=True)
class Words:
    """What a person wrote, unmasked: only the guard reads it."""

    title: str
    comment: str

    @cached_property
    def folded_comment(self) -> str:
        return folded(self.comment)

    def __repr__(self) -> str:
        return "Words(…)"


@dataclass(frozen=True)
class Arrival:
    """A public form that is to be displayed or to wait, and why it waits whatever the store says."""

    row: DisplayedComment
    words: Words
    reasons: frozenset[HoldReason] = frozenset()


@dataclass(frozen=True)
class Rules:
    """What holds for a consultation at this moment."""

    reviews_first: bool
    words_revision: int


class Guard:
    """An installation's guard: `copies_shown` comments of the same words are displayed, further ones wait.

    `checker` is asked besides the list of words. What it raises makes the comment wait (CHECKER): nobody's comment is
    lost to a fault of it.
    """

    def __init__(self, copies_shown: int = COPIES_SHOWN, checker: Checker | None = None) -> None:
        self._copies_shown = copies_shown
        self._checker = checker
        self._list: tuple[int, WordList] | None = None

    @property
    def asks_checker(self) -> bool:
        return self._checker is not None

    def ask_checker(self, words: Words) -> frozenset[HoldReason]:
        """The installation's own checker alone; it may take its time, so that no transaction should wait for it."""
        if self._checker is None:
            return frozenset()
        try:
            found = self._checker.check(words.title, words.comment)
        except Exception as error:  # whatever a foreign part does, the comment is stored
            _log.error("checker_failed", kind=type(error).__name__)
            return frozenset({HoldReason.CHECKER})
        return frozenset({found}) if found is not None else frozenset()

    def judge(self, session: Session, arrived: Sequence[Arrival]) -> Sequence[frozenset[HoldReason]]:
        """Why each must wait, by its own reasons and by the rules that hold now, in the order in which they came.

        One statement for each consultation. Copies are counted without a lock: comments that arrive in other
        transactions at the same moment may exceed `copies_shown` by as many.
        """
        hashes: dict[uuid.UUID, set[str]] = {}
        for one in arrived:
            hashes.setdefault(one.row.consultation_id, set()).add(one.row.text_hash)
        standing = {asked: _standing(session, asked, of_these) for asked, of_these in hashes.items()}
        answers = []
        for one in arrived:
            now, shown = standing[one.row.consultation_id]
            reasons = one.reasons | self._reasons(session, now, one.words, shown[one.row.text_hash])
            shown[one.row.text_hash] += not reasons
            answers.append(reasons)
        return answers

    def _reasons(self, session: Session, now: Rules, words: Words, copies: int) -> frozenset[HoldReason]:
        text = f"{folded(words.title)}\n{words.folded_comment}"
        found = self._words_at(session, now.words_revision).check_folded(text)
        reasons = {found} if found is not None else set()
        if copies >= self._copies_shown:
            reasons.add(HoldReason.COPIES)
        if now.reviews_first:
            reasons.add(HoldReason.REVIEWED_FIRST)
        return frozenset(reasons)

    def _words_at(self, session: Session, revision: int) -> WordList:
        """The list is made anew only when it was changed: the revision tells."""
        kept = self._list
        if kept is None or kept[0] != revision:
            kept = self._list = (revision, WordList(words_in_force(session)))
        return kept[1]


def settle(row: DisplayedComment, reasons: Iterable[HoldReason]) -> None:
    """Waiting for these reasons or, without one, displayed."""
    row.held_for = sorted({reason.value for reason in reasons})
    row.state = DisplayState.WAITING if row.held_for else DisplayState.DISPLAYED


def new_number() -> int:
    """A public number that nothing else follows from; never 0."""
    return 1 + secrets.randbelow(2**NUMBER_BITS - 1)


_OWN_SWITCH = select(ConsultationTerms.reviews_first).where(ConsultationTerms.consultation_id == bindparam("asked"))
_SWITCHES = select(DisplaySwitch.reviews_first, DisplaySwitch.words_revision, _OWN_SWITCH.scalar_subquery()).where(
    DisplaySwitch.id == SWITCH_ID
)
"""The column's switch, the revision of its words, and the consultation's own switch."""
_SAME = (
    select(DisplayedComment.text_hash, func.count().label("number"))
    .where(
        DisplayedComment.consultation_id == bindparam("asked"),
        DisplayedComment.text_hash.in_(bindparam("hashes", expanding=True)),
        DisplayedComment.state == DisplayState.DISPLAYED,
    )
    .group_by(DisplayedComment.text_hash)
    .subquery()
)
_STANDING = _SWITCHES.add_columns(_SAME.c.text_hash, _SAME.c.number).join(_SAME, true(), isouter=True)
"""The same, and how many it displays of the same words: few, as further copies wait."""


def rules(session: Session, consultation_id: uuid.UUID) -> Rules:
    """Nothing of it is kept, so that a switch holds for the next comment in every process."""
    return _rules(session.execute(_SWITCHES, {"asked": consultation_id}).one())


def _rules(answer: Sequence[Any]) -> Rules:
    columns_switch, words_revision, own_switch = answer[:3]
    return Rules(bool(columns_switch or own_switch), words_revision)


def starter_words() -> Mapping[str, HoldReason]:
    """The list that comes with the service, pattern → reason."""
    text = resources.files("app.submissions").joinpath("data", "guard_words.txt").read_text(encoding="utf-8")
    return {listed.word: listed.reason for listed in read_starter_list(text)}


def words_in_force(session: Session) -> list[ListedWord]:
    """The starter list less what staff struck, and what they added."""
    words = dict(starter_words())
    for row in own_words(session):
        words.pop(row.word, None)
        if not row.struck:
            words[row.word] = row.reason
    return [ListedWord(word, reason) for word, reason in words.items()]


def own_words(session: Session) -> Sequence[GuardWord]:
    """What staff added and struck."""
    return session.scalars(select(GuardWord).order_by(GuardWord.word)).all()


def switch(session: Session) -> DisplaySwitch:
    return session.get_one(DisplaySwitch, SWITCH_ID)


def _standing(session: Session, consultation_id: uuid.UUID, hashes: Set[str]) -> tuple[Rules, Counter[str]]:
    """What holds for the consultation, and how many it displays of the same words."""
    rows = session.execute(_STANDING, {"asked": consultation_id, "hashes": list(hashes)}).all()
    return _rules(rows[0]), Counter({text_hash: number for *_, text_hash, number in rows if text_hash})
