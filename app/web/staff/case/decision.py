"""What was decided about the submission, and what can be."""

from dataclasses import dataclass
from datetime import datetime

from app.accounts import queries as accounts
from app.permissions import Permission
from app.screening import queries as screening
from app.screening.lifecycle import UnsuitableClass
from app.submissions.lifecycle import LIFECYCLE, ScreeningEvent
from app.web.staff.case.subject import Case


@dataclass(frozen=True)
class DecisionView:
    decision: ScreeningEvent
    reason: str | None
    unsuitable_class: UnsuitableClass | None
    decided_at: datetime
    by: str


def context(case: Case) -> dict[str, object]:
    return {"decision": _decision(case), "unsuitable_classes": list(UnsuitableClass)}


def may(case: Case) -> dict[str, bool]:
    undecided = LIFECYCLE.allows(case.submission.state, ScreeningEvent.ACCEPT)
    screens = undecided and case.actor.may(Permission.SCREEN)
    return {"accept": screens, "close": screens}


def _decision(case: Case) -> DecisionView | None:
    found = screening.decision_on(case.session, case.submission.id)
    if found is None:
        return None
    names = accounts.names_of(case.session, [found.decided_by])
    by = names.get(found.decided_by, found.decided_by)
    return DecisionView(found.decision, found.reason, found.unsuitable_class, found.decided_at, by)
