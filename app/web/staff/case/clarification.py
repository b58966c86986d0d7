"""What the sender was asked, and what they answered."""

from app.web.staff.case.subject import Case


def context(case: Case) -> dict[str, object]:
    return {"clarification": None}
