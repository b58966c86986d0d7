"""The coding rules that are in force for the submission's consultation."""

from app.teamwork import queries as teamwork
from app.web.staff.case.subject import Case


def context(case: Case) -> dict[str, object]:
    return {"coding": teamwork.rules_in_force(case.session, case.submission.consultation_id)}
