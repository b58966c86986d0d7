"""What the staff wrote about the submission among themselves, and whether it is flagged."""

from app.teamwork.records import RecordKind
from app.web.staff import team_part
from app.web.staff.case.subject import Case


def context(case: Case) -> dict[str, object]:
    return {"notes": team_part.discussion(case.session, case.actor, RecordKind.SUBMISSION, case.submission.id)}
