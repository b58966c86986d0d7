"""Who has the submission open just now."""

from app.web.staff.case.subject import Case


def context(case: Case) -> dict[str, object]:
    return {"lease": None}
