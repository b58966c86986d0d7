"""What the staff wrote about the submission among themselves, and whether it is flagged."""

from app.web.staff.case.subject import Case


def context(case: Case) -> dict[str, object]:
    return {"notes": None}
