"""What was decided about the submission, and what can be."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.accounts import queries as accounts
from app.permissions import Permission
from app.referrals import queries as referrals
from app.referrals.lifecycle import URGENT, ReferralClass
from app.screening import prepared
from app.screening import queries as screening
from app.screening.lifecycle import Pointer, UnsuitableClass
from app.screening.models import ScreeningDecision
from app.screening.reasons import filled
from app.submissions.lifecycle import DECIDED, LIFECYCLE, ScreeningEvent, SubmissionState
from app.web.staff.case.subject import Case


@dataclass(frozen=True)
class DecisionView:
    """One decision; `undone_…` where it was taken back."""

    event: ScreeningEvent
    reason: str | None
    unsuitable_class: UnsuitableClass | None
    pointer: Pointer | None
    decided_at: datetime
    by: str
    told_at: datetime | None
    undone_at: datetime | None
    undone_by: str
    undone_for: str | None


@dataclass(frozen=True)
class PreparedView:
    """A prepared reason as it would read for this submission."""

    id: uuid.UUID
    name: str
    text: str
    pointer: Pointer | None


def context(case: Case) -> dict[str, object]:
    decisions = _decisions(case)
    standing = [one for one in decisions if one.undone_at is None]
    return {
        "decision": standing[-1] if standing else None,
        "undone": [one for one in decisions if one.undone_at is not None],
        "unsuitable_classes": list(UnsuitableClass),
        "referral_classes": list(ReferralClass),
        "urgent_classes": URGENT,
        "pointers": list(Pointer),
        "prepared": _prepared(case) if may(case)["close"] else {},
        "case_of_referral": _referral(case),
    }


def may(case: Case) -> dict[str, bool]:
    actor, state = case.actor, case.submission.state
    screens = LIFECYCLE.allows(state, ScreeningEvent.ACCEPT) and actor.may(Permission.SCREEN)
    standing = screening.decision_on(case.session, case.submission.id) if state in DECIDED else None
    open_to_all = standing is not None and standing.told_at is None
    free = state in DECIDED and not screening.gathered_spans(case.session, case.submission.id)
    return {
        "accept": screens,
        "close": screens,
        "undo": free and open_to_all and actor.may(Permission.SCREEN),
        "reopen": free and state is not SubmissionState.REFERRED and actor.may(Permission.REOPEN_DECISIONS),
    }


def _decisions(case: Case) -> list[DecisionView]:
    found = screening.decisions_of(case.session, case.submission.id)
    people = {*(one.decided_by for one in found), *(one.undone_by for one in found if one.undone_by)}
    names = accounts.names_of(case.session, sorted(people))
    return [_view(one, names) for one in found]


def _view(one: ScreeningDecision, names: dict[str, str]) -> DecisionView:
    undone_by = one.undone_by or ""
    return DecisionView(
        event=one.decision,
        reason=one.reason,
        unsuitable_class=one.unsuitable_class,
        pointer=one.pointer,
        decided_at=one.decided_at,
        by=names.get(one.decided_by, one.decided_by),
        told_at=one.told_at,
        undone_at=one.undone_at,
        undone_by=names.get(undone_by, undone_by),
        undone_for=one.undone_for,
    )


def _prepared(case: Case) -> dict[str, Sequence[PreparedView]]:
    facts = prepared.facts_of(case.session, case.submission)
    choices = prepared.choices(case.session, case.submission.consultation_id)
    events = {
        "out_of_scope": ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE,
        "duplicate": ScreeningEvent.CLOSE_AS_DUPLICATE,
        "unsuitable": ScreeningEvent.CLOSE_AS_UNSUITABLE,
    }
    return {
        name: [
            PreparedView(one.template_id, one.name, filled(one.text, facts), one.pointer)
            for one in choices.get(event, ())
        ]
        for name, event in events.items()
    }


def _referral(case: Case) -> uuid.UUID | None:
    if case.submission.state is not SubmissionState.REFERRED or not case.actor.may(Permission.HANDLE_REFERRALS):
        return None
    found = referrals.latest_case(case.session, case.submission.id)
    return found.id if found else None
