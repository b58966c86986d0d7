"""Why a field was not accepted, as codes; the words for people are the web layer's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ProblemCode(StrEnum):
    """Stable codes; outside clients may depend on them. Below each: when it is given, and its parameters."""

    TITLE_REQUIRED = "title.required"
    """Nothing visible was entered."""
    TITLE_LENGTH = "title.length"
    """More code points than a title may have: `given`, `limit`."""

    NAME_REQUIRED = "name.required"
    """Nothing visible was entered."""
    NAME_LENGTH = "name.length"
    """More code points than a name may have: `given`, `limit`."""
    NAME_NO_LETTERS = "name.no_letters"
    """Only digits, marks or emoji: not one letter or 汉字."""
    NAME_CONTAINS_NUMBER = "name.contains_number"
    """A name with a telephone or ID number beside it: five or more digits in a row."""

    ID_NUMBER_REQUIRED = "id_number.required"
    """Nothing visible was entered."""
    ID_NUMBER_CHARACTERS = "id_number.characters"
    """A character that no document number has, or X before the last place: `character`."""
    ID_NUMBER_LENGTH = "id_number.length"
    """Only digits (and a last X), but not 18 of them: `given`, `expected`."""
    ID_NUMBER_OLD_FIFTEEN = "id_number.old_fifteen"
    """The 15-digit number of the first-generation card, which has ceased to be valid."""
    ID_NUMBER_BIRTH_DATE = "id_number.birth_date"
    """The date of birth inside the number is not in the calendar: `given` as printed in the number."""
    ID_NUMBER_BIRTH_IN_FUTURE = "id_number.birth_in_future"
    """The date of birth inside the number is after today: `given` as YYYY-MM-DD."""
    ID_NUMBER_BIRTH_TOO_EARLY = "id_number.birth_too_early"
    """The date of birth inside the number is longer ago than anyone has lived: `given` as YYYY-MM-DD."""
    ID_NUMBER_CHECK = "id_number.check"
    """The last character does not fit the other 17: most likely one digit was mistyped."""

    OCCUPATION_REQUIRED = "occupation.required"
    """Nothing was chosen, or the list's own "please choose"."""
    OCCUPATION_UNKNOWN = "occupation.unknown"
    """Not a value of the column's list."""

    PHONE_REQUIRED = "phone.required"
    """Nothing visible was entered."""
    PHONE_CHARACTERS = "phone.characters"
    """A character that no telephone number has: `character`."""
    PHONE_SEVERAL = "phone.several"
    """Two numbers where one is asked for."""
    PHONE_MOBILE_LENGTH = "phone.mobile_length"
    """Begins as a mobile number but has not 11 digits: `given`, `expected`."""
    PHONE_AREA_CODE_MISSING = "phone.area_code_missing"
    """A local landline number alone: `local`, and an `area_code` of this province as an example."""
    PHONE_LANDLINE_LENGTH = "phone.landline_length"
    """An area code is there, but not 7 or 8 digits behind it: `area_code`, `given`."""
    PHONE_SERVICE_NUMBER = "phone.service_number"
    """A hotline or a service number, at which nobody can be told the outcome: `given`."""
    PHONE_INVALID = "phone.invalid"
    """No form of number fits: `given` counts its digits."""

    EMAIL_REQUIRED = "email.required"
    """Nothing visible was entered."""
    EMAIL_LENGTH = "email.length"
    """Longer than an address can be: `given`, `limit`."""
    EMAIL_NO_AT = "email.no_at"
    """There is no @."""
    EMAIL_INVALID = "email.invalid"
    """Not an address by RFC 5321 and 5322."""

    ORGANISATION_NAME_REQUIRED = "organisation_name.required"
    """Nothing visible was entered."""
    ORGANISATION_NAME_LENGTH = "organisation_name.length"
    """More code points than the name of an organisation may have: `given`, `limit`."""
    ORGANISATION_NAME_NO_LETTERS = "organisation_name.no_letters"
    """Only digits or marks: not one letter or 汉字."""
    ORGANISATION_TYPE_REQUIRED = "organisation_type.required"
    """Nothing was chosen, or nothing that the list has."""

    CREDIT_CODE_REQUIRED = "credit_code.required"
    """Nothing visible was entered."""
    CREDIT_CODE_CHARACTERS = "credit_code.characters"
    """A character that no code has, I, O, S, V and Z among them: `character`."""
    CREDIT_CODE_LENGTH = "credit_code.length"
    """Not 18 characters: `given`, `expected`."""
    CREDIT_CODE_CHECK = "credit_code.check"
    """The last character does not fit the other 17: most likely one was mistyped."""

    GUARDIAN_NEEDED = "guardian_name.needed"
    """Who writes is under 14 by the ID number, and nothing is known of a guardian yet."""
    GUARDIAN_RELATION_REQUIRED = "guardian_relation.required"
    """Nothing was chosen, or nothing that the list has."""
    GUARDIAN_SAME_NAME = "guardian_name.same"
    """The guardian has the child's name: a child cannot consent for itself."""
    GUARDIAN_CONSENT_REQUIRED = "guardian_consent.required"
    """The guardian's consent to the use of the child's personal data was not given."""

    COMMENT_REQUIRED = "comment.required"
    """Nothing visible was entered."""
    COMMENT_LENGTH = "comment.length"
    """More code points than a comment may have: `given`, `limit`."""

    CHANNEL_REQUIRED = "channel.required"
    """Nothing was chosen, or no channel that can be entered."""
    DAY_REQUIRED = "day.required"
    """Nothing was entered about when it arrived."""
    DAY_UNREAL = "day.unreal"
    """Not a day of the calendar as YYYY-MM-DD, or with the time as YYYY-MM-DDTHH:MM: `given`."""
    DAY_TO_COME = "day.to_come"
    """It would have arrived after now: `given`."""
    REMARK_LENGTH = "remark.length"
    """More code points than a remark may have: `given`, `limit`."""

    CONSENT_REQUIRED = "consent.required"
    """The consent to the use of the personal data was not given."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal: its code and what the words for it need; never the whole value that was entered."""

    code: ProblemCode
    params: Mapping[str, str | int] = field(default_factory=dict)
