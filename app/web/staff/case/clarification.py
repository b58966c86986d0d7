"""What the sender was asked, and what they answered."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from app.accounts import queries as accounts
from app.clarifications import queries as clarifications
from app.clarifications.asking import ANSWERABLE, QUESTION_LIMIT
from app.clarifications.lifecycle import LIFECYCLE, ClarificationEvent, ClarificationState
from app.clarifications.models import Clarification
from app.permissions import Permission
from app.web.staff.case.subject import Case


@dataclass(frozen=True)
class QuestionView:
    """A question with its answer; `by` is who asked."""

    id: uuid.UUID
    state: ClarificationState
    by: str
    question: str
    asked_at: datetime
    due_at: datetime
    answer: str | None
    answered_at: datetime | None
    remark: str | None
    revision: int
    may_settle: bool
    may_drop: bool


def context(case: Case) -> dict[str, object]:
    asked = clarifications.of_submission(case.session, case.submission.id)
    names = accounts.names_of(case.session, sorted({one.asked_by for one in asked})) if asked else {}
    return {
        "questions": [_view(case, one, names) for one in asked],
        "question_limit": QUESTION_LIMIT,
        "question_days": case.services.settings.clarification_days,
    }


def may(case: Case) -> dict[str, bool]:
    free = case.submission.state in ANSWERABLE and case.actor.may(Permission.ASK_SENDERS)
    return {"ask": free and clarifications.asked(case.session, case.submission.id) is None}


def _view(case: Case, one: Clarification, names: dict[str, str]) -> QuestionView:
    asks = case.actor.may(Permission.ASK_SENDERS)
    return QuestionView(
        id=one.id,
        state=one.state,
        by=names.get(one.asked_by, one.asked_by),
        question=one.question,
        asked_at=one.asked_at,
        due_at=one.due_at,
        answer=one.answer,
        answered_at=one.answered_at,
        remark=one.remark,
        revision=one.revision,
        may_settle=asks and LIFECYCLE.allows(one.state, ClarificationEvent.SETTLE),
        may_drop=asks and LIFECYCLE.allows(one.state, ClarificationEvent.DROP),
    )
