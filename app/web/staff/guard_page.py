"""The column's display as a whole, and the words for which a comment waits."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.lifecycle import ConsultationState, DisplayRegime
from app.permissions import Actor, Permission
from app.submissions import displayed, guarding
from app.submissions.lifecycle import OF_WORDS, HoldReason
from app.submissions.models import GuardWord


@dataclass(frozen=True)
class ConsultationRow:
    slug: str
    title: str
    reviews_first: bool
    waiting: int
    objections: int


@dataclass(frozen=True)
class WordRow:
    """`own` words were added by staff; the others came with the service."""

    word: str
    reason: HoldReason
    remark: str
    own: bool


def column(session: Session, actor: Actor) -> dict[str, object]:
    rows = [
        row
        for row in consultations.all_consultations(session)
        if row.display_regime is DisplayRegime.INSTANT and row.state is not ConsultationState.DRAFT
    ]
    terms = consultations.display_terms_of(session, [row.id for row in rows])
    waiting = displayed.waiting_in(session, [row.id for row in rows])
    objections = displayed.open_objection_counts(session)
    return {
        "switch": guarding.switch(session),
        "may_switch": actor.may(Permission.SWITCH_DISPLAY),
        "consultations": [
            ConsultationRow(
                row.slug, row.title, terms[row.id].reviews_first, waiting.get(row.id, 0), objections.get(row.id, 0)
            )
            for row in rows
        ],
    }


def words(session: Session) -> dict[str, object]:
    known = guarding.own_words(session)
    starter = guarding.starter_words()
    rows: Sequence[WordRow] = [
        *(WordRow(row.word, row.reason, row.remark, own=True) for row in known if not row.struck),
        *(WordRow(word, reason, "", own=False) for word, reason in starter.items() if word not in _of(known)),
    ]
    return {
        "words": sorted(rows, key=lambda row: (OF_WORDS.index(row.reason), not row.own, row.word)),
        "struck": [row for row in known if row.struck],
        "reasons": OF_WORDS,
    }


def _of(known: Sequence[GuardWord]) -> set[str]:
    return {row.word for row in known}
