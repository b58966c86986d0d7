"""The others with the same content."""

from app.permissions import Permission
from app.web.staff import campaign_view
from app.web.staff.case.subject import Case


def context(case: Case) -> dict[str, object]:
    return {
        "campaign": campaign_view.strip(case.session, case.submission.id),
        "may_correct_campaign": case.actor.may(Permission.SCREEN),
    }
