"""Who wrote, which is hidden: an organisation shows as its kind, a person as a person. Unlocked, for some minutes."""

from dataclasses import dataclass
from datetime import datetime

from app.permissions import Permission
from app.submissions import queries as submissions
from app.submissions import unlocking
from app.submissions.models import SubmitterIdentity
from app.submissions.organisation import OrganisationType
from app.submissions.submitter import Identity
from app.web.staff.case.subject import Case


@dataclass(frozen=True)
class Hidden:
    """What everybody on the desk may know; nothing is unsealed for it."""

    organisation_type: OrganisationType | None = None
    has_guardian: bool = False
    erased: bool = False


@dataclass(frozen=True)
class Unlocked:
    """What one person sees until `until`, `seconds` from now."""

    who: Identity
    reason: str
    until: datetime
    seconds: int


def context(case: Case) -> dict[str, object]:
    sealed = submissions.sealed_identity(case.session, case.submission.id)
    unlocked = _unlocked(case, sealed)
    erased = sealed is None or case.services.vault.is_erased(sealed)
    has_guardian = sealed is not None and sealed.guardian_name is not None
    may_unlock = case.actor.may_within(Permission.UNLOCK_IDENTITY, case.submission.consultation_id)
    return {
        "identity": Hidden(case.submission.organisation_type, has_guardian, erased),
        "unlocked": unlocked,
        "may_unlock": may_unlock and unlocked is None and not erased,
    }


def _unlocked(case: Case, sealed: SubmitterIdentity | None) -> Unlocked | None:
    """The permission is asked again: whoever lost it sees nothing any more."""
    if sealed is None or not case.actor.may_within(Permission.UNLOCK_IDENTITY, case.submission.consultation_id):
        return None
    granted = unlocking.held(case.session, case.actor.id, case.submission.id, case.now)
    if granted is None or case.services.vault.is_erased(sealed):
        return None
    seconds = int((granted.until - case.now).total_seconds())
    return Unlocked(case.services.vault.open(sealed), granted.reason, granted.until, seconds)
