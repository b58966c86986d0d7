"""Words for what is wrong with a choice, by the codes of `app/consultations/settling.py`."""

from collections.abc import Mapping

from app.consultations.settling import CHOICES, LONGEST
from app.web.i18n import N_, gettext

PROBLEMS = {
    "too_long": N_("At most %(longest)s characters."),
    "title_required": N_("Enter the draft's title."),
    "issuing_body_required": N_("Enter the body that issues the notice."),
    "kind_required": N_("Choose what is put out for comment."),
    "legal_nature_required": N_("Choose what the draft is in law."),
    "drafting_department_required": N_("Choose the drafting department."),
    "drafting_department_unknown": N_("This department isn't in the directory."),
    "drafting_department_is_scope": N_("This is a scope of many bodies; choose one department."),
    "date_form": N_("Enter a real day, such as 2025-05-07."),
    "instant_form": N_("Enter a real day and time, such as 2025-05-19T00:00."),
    "closes_at_required": N_("The notice names no deadline that could be read; enter it."),
    "closes_before_it_opens": N_("The window must close after it opens."),
    "closes_in_the_past": N_("This instant is over; the window could never be open."),
    "email_form": N_("Enter one e-mail address, such as name@example.com."),
    "slug_form": N_("Only small letters, digits and hyphens, at most 80, beginning with a letter or digit."),
    "slug_taken": N_("Another consultation has this address already."),
}


def words(problems: Mapping[str, str]) -> dict[str, str]:
    """Field → what to mend, in the order of the page."""
    ordered = sorted(problems, key=CHOICES.index)
    return {name: gettext(PROBLEMS[problems[name]]) % {"longest": LONGEST.get(name, 0)} for name in ordered}
