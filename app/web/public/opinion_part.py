"""What the sender says: title and comment, and the clauses that it is about."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.kit.forms import Form
from app.submissions.fields import COMMENT_LIMIT, TITLE_LIMIT
from app.web.i18n import gettext as _
from app.web.public import field_words
from app.web.public.attempt import Attempt
from app.web.public.views import ClauseView


@dataclass(frozen=True)
class Limits:
    """Most code points."""

    title: int = TITLE_LIMIT
    comment: int = COMMENT_LIMIT


def judge(form: Form, attempt: Attempt, clauses: Sequence[ClauseView]) -> None:
    """A clause that the text under comment doesn't have is a problem and isn't kept."""
    attempt.chosen = {label for label in form.all("clause") if label}
    known = {clause.label for clause in clauses}
    unknown = sorted(attempt.chosen - known)
    if unknown:
        attempt.problems["clause"] = _(field_words.CLAUSE_UNKNOWN) % {"label": unknown[0][:40]}
        attempt.chosen &= known
