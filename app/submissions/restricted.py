"""Whose eyes a submission is for: one that was referred is for those who handle referrals alone."""

from app.kit.errors import Forbidden
from app.kit.identifiers import in_groups
from app.permissions import Actor, Permission
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission


def refuse_unless_meant(actor: Actor, submission: Submission) -> None:
    """Raises Forbidden("referred_elsewhere") for everybody who doesn't handle referrals, once it was referred."""
    if submission.state is SubmissionState.REFERRED and not actor.may(Permission.HANDLE_REFERRALS):
        raise Forbidden("referred_elsewhere")


def title_for_lists(submission: Submission) -> str:
    """Its title, or where it was referred its receipt number: a list that holds both tells nobody what it is about."""
    return (
        submission.title if submission.state is not SubmissionState.REFERRED else in_groups(submission.receipt_number)
    )
