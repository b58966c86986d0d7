"""What a screener may know of who wrote."""

from dataclasses import dataclass

from app.submissions import queries as submissions
from app.submissions.identity import mask_name
from app.submissions.organisation import OrganisationType, SubmitterKind
from app.web.staff.case.subject import Case


@dataclass(frozen=True)
class Identity:
    """A masked name or, of an organisation, its kind."""

    name: str
    organisation_type: OrganisationType | None = None
    has_guardian: bool = False


def context(case: Case) -> dict[str, object]:
    return {"identity": _identity(case)}


def _identity(case: Case) -> Identity:
    submission, vault = case.submission, case.services.vault
    sealed = submissions.sealed_identity(case.session, submission.id)
    if sealed is None or vault.is_erased(sealed):
        return Identity("", submission.organisation_type)
    who = vault.open(sealed)
    if submission.submitter_kind is SubmitterKind.ORGANISATION:
        return Identity("", submission.organisation_type)
    return Identity(mask_name(who.name), has_guardian=who.guardian is not None)
