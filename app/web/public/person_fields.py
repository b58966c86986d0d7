"""The fields about the sender: what each is called, how it is entered and why it is asked.

The form, its consent, the check page and the privacy notice all speak of the fields by these words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel.lists import format_list

from app.submissions.fields import OCCUPATIONS
from app.submissions.guardian import GuardianRelation
from app.submissions.organisation import OrganisationType
from app.web import labels
from app.web.i18n import N_, language
from app.web.i18n import gettext as _

OCCUPATION_WORDS = dict(
    zip(
        OCCUPATIONS,
        (
            N_("Civil servant"),
            N_("Staff of a public institution"),
            N_("Professional or technical staff"),
            N_("Company manager"),
            N_("Worker"),
            N_("Farmer"),
            N_("Student"),
            N_("Teacher"),
            N_("Doctor"),
            N_("Lawyer"),
            N_("Culture or sports"),
            N_("Active service member"),
            N_("Freelancer"),
            N_("Sole trader"),
            N_("Not employed"),
            N_("Retired"),
            N_("Other"),
        ),
        strict=True,
    )
)


@dataclass(frozen=True)
class PersonField:
    """`entering` says how it is entered, `purpose` why it is asked; both are untranslated sentences.

    `autocomplete` is a token of the HTML standard (WCAG 2.2, 1.3.5), "off" for what belongs to somebody else. `chosen`
    tells that one of a list is chosen.
    """

    label: str
    entering: str
    purpose: str
    kind: str = "text"
    autocomplete: str = "off"
    inputmode: str = "text"
    chosen: bool = False


FIELDS: Mapping[str, PersonField] = {
    "name": PersonField(
        N_("Name"),
        N_("As on your identity document. Double surnames and the dot · are fine."),
        N_("The column takes comments under real names."),
        autocomplete="name",
    ),
    "id_number": PersonField(
        N_("ID number"),
        N_(
            "18 characters; the last one may be X. Residence permits of Hong Kong, Macao and Taiwan residents and "
            "foreign permanent resident ID cards are accepted."
        ),
        N_("It is used to count each person once; it is stored sealed, and staff who read comments do not see it."),
    ),
    "occupation": PersonField(
        N_("Occupation"), "", N_("It shows which groups of people were heard, in totals only."), chosen=True
    ),
    "organisation_name": PersonField(
        N_("Name of the organisation"),
        N_("In full, as registered."),
        N_("An organisation speaks under its own name, which may be shown beside its comment."),
        autocomplete="organization",
    ),
    "credit_code": PersonField(
        N_("Unified social credit code"),
        N_("18 digits and capital letters, as on the registration certificate."),
        N_("It is used to count each organisation once, and is stored sealed."),
    ),
    "organisation_type": PersonField(
        N_("Kind of organisation"), "", N_("It shows which kinds of organisations were heard."), chosen=True
    ),
    "contact_name": PersonField(
        N_("Contact person"), "", N_("We ask for this person if something is unclear."), autocomplete="name"
    ),
    "phone": PersonField(
        N_("Telephone"),
        N_("A mobile number, or a landline with its area code, for example 024-0000 1234."),
        N_("We ring if something is unclear, and to tell the outcome."),
        kind="tel",
        autocomplete="tel",
        inputmode="tel",
    ),
    "email": PersonField(
        N_("E-mail"),
        N_("For example name@example.com."),
        N_("The outcome is sent there, and news if the consultation is changed or has a further round."),
        kind="email",
        autocomplete="email",
        inputmode="email",
    ),
    "guardian_name": PersonField(
        N_("Name of the parent or guardian"), "", N_("The law asks for a guardian's consent for children under 14.")
    ),
    "guardian_relation": PersonField(
        N_("Relation to the child"), "", N_("It says on what ground the guardian consents."), chosen=True
    ),
    "guardian_phone": PersonField(
        N_("Telephone of the parent or guardian"),
        N_("A mobile number, or a landline with its area code, for example 024-0000 1234."),
        N_("We ring the guardian, and not the child, if something is unclear."),
        kind="tel",
        inputmode="tel",
    ),
}


@dataclass(frozen=True)
class Option:
    value: str
    words: str


def options_of(field: str) -> Sequence[Option]:
    """What one can choose from; empty for a field that is typed."""
    if field == "occupation":
        return [Option(value, _(words)) for value, words in OCCUPATION_WORDS.items()]
    values = {"organisation_type": OrganisationType, "guardian_relation": GuardianRelation}.get(field, ())
    return [Option(value.value, labels.label(value)) for value in values]


def label_of(field: str) -> str:
    return _(FIELDS[field].label)


def listed(fields: Sequence[str]) -> str:
    """Their labels in one sentence, as the reader's language joins them."""
    return format_list([label_of(field) for field in fields], locale=language())


def sentences(*untranslated: str) -> str:
    """One after the other, as the reader's language sets them: Chinese has no space after a full stop."""
    return ("" if language().startswith("zh") else " ").join(_(words) for words in untranslated if words)
