"""Whether another reviewer looks at it blind."""

from app.web.staff.case.subject import Case


def context(case: Case) -> dict[str, object]:
    return {"second_look": None}
