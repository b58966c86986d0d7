"""Whose eyes a submission is for: one that was referred is for those who handle referrals alone."""

from app.kit.errors import Forbidden
from app.permissions import Actor, Permission
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission


def refuse_unless_meant(actor: Actor, submission: Submission) -> None:
    """Raises Forbidden("referred_elsewhere") for everybody who doesn't handle referrals, once it was referred."""
    if submission.state is SubmissionState.REFERRED and not actor.may(Permission.HANDLE_REFERRALS):
        raise Forbidden("referred_elsewhere")
