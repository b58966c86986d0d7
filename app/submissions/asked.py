"""Which fields a comment form asks of whom: the one list that form, checks, consent and privacy notice go by. Pure."""

from enum import StrEnum

from app.consultations.terms import FormTerms
from app.submissions.organisation import SubmitterKind


class RealName(StrEnum):
    """By what a person proves a real name. NOT_ASKED: name and telephone alone."""

    ID_NUMBER = "id_number"
    SIGN_IN = "sign_in"
    NOT_ASKED = "not_asked"


OF_ORGANISATION = ("organisation_name", "credit_code", "organisation_type", "contact_name")
OF_GUARDIAN = ("guardian_name", "guardian_relation", "guardian_phone")
"""Asked only where the ID number says that a child writes."""


def usual_proof(terms: FormTerms) -> RealName:
    """The proof that the form itself asks for."""
    return RealName.ID_NUMBER if terms.asks_id_number else RealName.NOT_ASKED


def asked_of(kind: SubmitterKind, terms: FormTerms, by: RealName) -> tuple[str, ...]:
    """The fields about the sender, in the form's order; a guardian's come on top where one is needed."""
    reach = ("phone", "email") if terms.asks_email else ("phone",)
    if kind is SubmitterKind.ORGANISATION:
        return (*OF_ORGANISATION, *reach)
    number = ("id_number",) if by is RealName.ID_NUMBER else ()
    return ("name", *number, "occupation", *reach)


def kinds_taken(terms: FormTerms) -> tuple[SubmitterKind, ...]:
    """Who may comment."""
    return tuple(SubmitterKind) if terms.takes_organisations else (SubmitterKind.INDIVIDUAL,)


def every_field(terms: FormTerms) -> tuple[str, ...]:
    """All that the form may ask about its sender, a guardian's fields where a child can be recognised."""
    by = usual_proof(terms)
    fields = [name for kind in kinds_taken(terms) for name in asked_of(kind, terms, by)]
    guardian = OF_GUARDIAN if by is RealName.ID_NUMBER else ()
    return (*dict.fromkeys(fields), *guardian)
