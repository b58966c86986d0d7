"""Who writes: a person, a child with a guardian, or an organisation; asked for what the consultation's terms say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.kit.clock import beijing_day
from app.kit.forms import Form
from app.submissions.asked import OF_GUARDIAN, asked_of, kinds_taken
from app.submissions.fields import CONSENT_GIVEN, Entry, check_entry, is_childs, kind_of
from app.submissions.identity import check_id_number, mask_id_number
from app.submissions.organisation import SubmitterKind
from app.submissions.problems import Problem
from app.web import labels
from app.web.i18n import gettext as _
from app.web.public import field_words, real_name
from app.web.public.attempt import Answer, Attempt, Hidden, Setting
from app.web.public.person_fields import FIELDS, Option, label_of, listed, options_of, sentences


@dataclass(frozen=True)
class FieldView:
    """A control of the form."""

    name: str
    label: str
    hint: str
    value: str
    kind: str
    autocomplete: str
    inputmode: str
    options: Sequence[Option]
    required: bool


@dataclass(frozen=True)
class FieldGroup:
    """Controls that all senders fill in, where `kind` is None, or those of one kind."""

    kind: SubmitterKind | None
    fields: Sequence[FieldView]


@dataclass(frozen=True)
class Consent:
    """What a sender of that kind, or any sender, agrees to: the fields by their labels."""

    kind: SubmitterKind | None
    fields: str


@dataclass(frozen=True)
class PersonView:
    """`kinds` is empty where nothing is to be chosen; `guardian` where no guardian is asked.

    `agreed` is what the sender agrees to by the kind that is chosen now.
    """

    kinds: Sequence[SubmitterKind]
    kind: SubmitterKind
    groups: Sequence[FieldGroup]
    guardian: Sequence[FieldView]
    guardian_consented: bool
    consents: Sequence[Consent]
    agreed: Consent


def judge(setting: Setting, form: Form, attempt: Attempt) -> None:
    """Checks every field that is asked; `attempt.entry` is set where all are right."""
    attempt.consented = form.get("consent") == CONSENT_GIVEN
    attempt.submitter = kind_of(form, setting.terms)
    real_name.find_sign_in(setting, form, attempt)
    way = real_name.way_of(setting, attempt)
    entered = {**form, **way.proven(setting, form, attempt)}
    checked = check_entry(entered, beijing_day(setting.at), setting.terms, way.by)
    if isinstance(checked, Entry):
        attempt.needs_guardian = checked.identity.guardian is not None
        attempt.entry = _counted_by_sign_in(checked, attempt)
        return
    attempt.needs_guardian = _needs_guardian(setting, attempt, entered)
    attempt.problems |= {name: field_words.words(problem, name) for name, problem in checked.items()}


def hidden(setting: Setting, attempt: Attempt) -> Hidden:
    return real_name.way_of(setting, attempt).hidden(setting, attempt)


def answers(setting: Setting, attempt: Attempt) -> list[Answer]:
    """What was accepted about the sender, in the form's order, the ID number masked; nothing where something is wrong.

    An answer's field is the id of the control at which it can be changed.
    """
    entry = attempt.entry
    if entry is None:
        return []
    accepted = entry.identity.values() | {
        "id_number": masked_number(attempt),
        "contact_name": entry.identity.name,
        "occupation": entry.occupation,
        "organisation_type": entry.organisation_type,
    }
    fields = asked_of(entry.submitter_kind, setting.terms, real_name.way_of(setting, attempt).by)
    given = (*fields, *OF_GUARDIAN) if entry.identity.guardian else fields
    rows = [Answer(name, label_of(name), _shown(name, accepted[name] or "")) for name in given]
    if attempt.signed_in is not None:
        words = _("Verified by %(name)s") % {"name": setting.services.settings.oidc_name}
        rows = [Answer("sign-in", _("Real name"), words), *rows]
    if not setting.terms.takes_organisations:
        return rows
    return [Answer("submitter", _("You comment as"), labels.label(entry.submitter_kind)), *rows]


def view(setting: Setting, attempt: Attempt) -> PersonView:
    """What the form's page shows of it."""
    kinds = kinds_taken(setting.terms)
    by = real_name.way_of(setting, attempt).by
    asked = {kind: asked_of(kind, setting.terms, by) for kind in kinds}
    return PersonView(
        kinds=kinds if len(kinds) > 1 else (),
        kind=attempt.submitter,
        groups=[FieldGroup(kind, [_field(name, attempt) for name in names]) for kind, names in _grouped(asked)],
        guardian=[_field(name, attempt) for name in OF_GUARDIAN] if attempt.needs_guardian else (),
        guardian_consented=attempt.values.get("guardian_consent") == CONSENT_GIVEN,
        consents=[Consent(kind if len(kinds) > 1 else None, listed(names)) for kind, names in asked.items()],
        agreed=Consent(None, listed(asked[attempt.submitter])),
    )


def masked_number(attempt: Attempt) -> str | None:
    return mask_id_number(attempt.id_number) if attempt.id_number else None


def _counted_by_sign_in(entry: Entry, attempt: Attempt) -> Entry:
    """An organisation is counted by its own code, whoever of it signed in."""
    if attempt.signed_in is None or entry.submitter_kind is SubmitterKind.ORGANISATION:
        return entry
    return replace(entry, identity=replace(entry.identity, subject=attempt.signed_in.subject))


def _needs_guardian(setting: Setting, attempt: Attempt, entered: dict[str, str]) -> bool:
    """While a number is being mended, a guardian's fields that are there stay there."""
    if attempt.submitter is not SubmitterKind.INDIVIDUAL or not setting.terms.asks_id_number:
        return False
    day = beijing_day(setting.at)
    number = check_id_number(entered.get("id_number", ""), day)
    return is_childs(number, day) or (isinstance(number, Problem) and "guardian_name" in entered)


def _grouped(asked: dict[SubmitterKind, tuple[str, ...]]) -> list[tuple[SubmitterKind | None, list[str]]]:
    """What one kind alone is asked, by kind, then what all are asked; in one group where there is one kind."""
    shared = [name for name in asked[SubmitterKind.INDIVIDUAL] if all(name in names for names in asked.values())]
    own = [(kind, [name for name in names if name not in shared]) for kind, names in asked.items()]
    return [*((kind, names) for kind, names in own if names), (None, shared)]


def _field(name: str, attempt: Attempt) -> FieldView:
    field = FIELDS[name]
    masked = masked_number(attempt) if name == "id_number" else None
    hint = sentences(field.entering, field.purpose)
    if masked:
        hint = _("You gave %(masked)s. Leave this empty to keep it, or enter another number.") % {"masked": masked}
    return FieldView(
        name=name,
        label=_("Another ID number (optional)") if masked else _(field.label),
        hint=hint,
        value="" if masked else attempt.values.get(name, ""),
        kind=field.kind,
        autocomplete=field.autocomplete,
        inputmode=field.inputmode,
        options=options_of(name),
        required=not masked,
    )


def _shown(name: str, value: str) -> str:
    return next((option.words for option in options_of(name) if option.value == value), value)
