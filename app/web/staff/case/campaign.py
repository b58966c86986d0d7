"""Others with the same words, and other submissions of the same person."""

from app.web.staff.case.subject import Case


def context(case: Case) -> dict[str, object]:
    return {"campaign": None}
