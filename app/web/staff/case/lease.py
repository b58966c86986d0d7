"""Who has the submission open just now, and whose work it is."""

from dataclasses import dataclass

from app.accounts import queries as accounts
from app.permissions import Permission
from app.submissions.lifecycle import SubmissionState
from app.teamwork.records import RecordKind
from app.web.staff import team_part
from app.web.staff.case.subject import Case
from app.web.staff.leasing import decides


@dataclass(frozen=True)
class Allocation:
    """`by` is empty for a submission that is nobody's."""

    by: str
    mine: bool
    may_claim: bool
    may_give_back: bool


def context(case: Case) -> dict[str, object]:
    lease = team_part.lease(case.session, case.actor, case.now, RecordKind.SUBMISSION, case.submission.id)
    record = {"team_kind": RecordKind.SUBMISSION, "team_id": case.submission.id}
    holds = decides(case.actor, RecordKind.SUBMISSION)
    return {"lease": lease, "holds": holds, "allocation": _allocation(case), **record}


def _allocation(case: Case) -> Allocation:
    to = case.submission.allocated_to
    names = accounts.names_of(case.session, [to] if to else [])
    waits = case.submission.state is SubmissionState.RECEIVED and case.actor.may(Permission.SCREEN)
    mine = to == case.actor.id
    return Allocation(names.get(to, to) if to else "", mine, waits and to is None, waits and mine)
