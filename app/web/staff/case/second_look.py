"""What came of a second look at the decision; nothing tells of one that still waits."""

from app.screening import second_looks
from app.web.staff.case.subject import Case


def context(case: Case) -> dict[str, object]:
    return {"second_look": second_looks.of_submission(case.session, case.submission.id)}
