"""One submission's public display as the desk sees it, and what the reader of the page may do with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.permissions import Actor, Permission
from app.submissions import displayed, public_numbers
from app.submissions.lifecycle import (
    DISPLAY,
    LIFECYCLE,
    DisplayEvent,
    DisplayState,
    EndedClass,
    HoldReason,
    QuarantineVerdict,
    ScreeningEvent,
)
from app.submissions.models import DisplayedComment, DisplayObjection, Submission
from app.web.staff.display_page import doubt


@dataclass(frozen=True)
class DisplayedView:
    """`number` is the public number while it is displayed; `copies` counts others with its words that are."""

    state: DisplayState
    number: str
    title: str
    text: str
    held_for: Sequence[HoldReason]
    ended_class: EndedClass | None
    ended_at: datetime | None
    reason: str | None
    copies: int


@dataclass(frozen=True)
class QuarantineView:
    reasons: list[str]
    verdict: QuarantineVerdict | None
    reason: str | None


def context(session: Session, submission: Submission) -> dict[str, object]:
    row = displayed.displayed(session, submission.id)
    return {
        "displayed": _displayed(session, row) if row else None,
        "quarantine": _quarantine(session, submission),
        "objection": displayed.objection_of(session, submission.id),
        "ended_classes": list(EndedClass),
    }


def may(session: Session, actor: Actor, submission: Submission) -> dict[str, bool]:
    row = displayed.displayed(session, submission.id)
    objection = displayed.objection_of(session, submission.id)
    decides, screens = actor.may(Permission.TAKE_DOWN), actor.may(Permission.SCREEN)
    shows = row is not None and not {HoldReason.QUARANTINE, HoldReason.UNDER_14} & set(row.held_for)
    return {
        "show": decides and shows and _allows(row, DisplayEvent.SHOW),
        "withhold": decides and _allows(row, DisplayEvent.WITHHOLD),
        "take_down": decides and _allows(row, DisplayEvent.TAKE_DOWN),
        "restore": decides and shows and _allows(row, DisplayEvent.RESTORE),
        "release": screens and LIFECYCLE.allows(submission.state, ScreeningEvent.RELEASE),
        "discard": screens and LIFECYCLE.allows(submission.state, ScreeningEvent.DISCARD),
        "answer_objection": decides and _is_open(objection) and (row is None or row.taken_down_by != actor.id),
    }


def _allows(row: DisplayedComment | None, event: DisplayEvent) -> bool:
    return row is not None and DISPLAY.allows(row.state, event)


def _is_open(objection: DisplayObjection | None) -> bool:
    return objection is not None and objection.verdict is None


def _displayed(session: Session, row: DisplayedComment) -> DisplayedView:
    shown = row.state is DisplayState.DISPLAYED
    same = displayed.same_words(session, row.consultation_id, [row.text_hash]) if shown else {}
    return DisplayedView(
        state=row.state,
        number=public_numbers.written(row.number) if shown and row.number else "",
        title=row.title,
        text=row.text,
        held_for=[HoldReason(reason) for reason in row.held_for],
        ended_class=row.taken_down_class,
        ended_at=row.taken_down_at,
        reason=row.taken_down_reason,
        copies=max(0, same.get(row.text_hash, {}).get(DisplayState.DISPLAYED, 1) - 1),
    )


def _quarantine(session: Session, submission: Submission) -> QuarantineView | None:
    found = displayed.quarantine_of(session, [submission.id]).get(submission.id)
    if found is None:
        return None
    return QuarantineView([doubt(reason) for reason in found.reasons], found.verdict, found.reason)
