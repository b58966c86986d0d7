"""The form as a whole, checked by what its consultation asks, and the rule of each field that is not about identity."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from email_validator import EmailNotValidError, validate_email

from app.consultations.terms import FormTerms
from app.submissions.asked import OF_GUARDIAN, RealName, asked_of, usual_proof
from app.submissions.characters import half_width, on_one_line, without_invisible
from app.submissions.guardian import check_guardian_relation, is_under_14
from app.submissions.identity import DocumentNumber, check_id_number, check_name
from app.submissions.organisation import (
    OrganisationType,
    SubmitterKind,
    check_credit_code,
    check_organisation_name,
    check_organisation_type,
)
from app.submissions.phone import check_phone
from app.submissions.problems import Problem, ProblemCode
from app.submissions.submitter import Guardian, Identity, Organisation

TITLE_LIMIT = 100
COMMENT_LIMIT = 10_000
EMAIL_LIMIT = 254
USUAL_EMAIL = re.compile(
    r"[a-z0-9]{1,20}(?:[._+-][a-z0-9]{1,20}){0,2}@(?:[a-z0-9]{1,30}(?:-[a-z0-9]{1,30})?\.){1,3}(?:com|cn|net|org)"
)
"""What most addresses look like: the library finds no fault with any of these and has nothing to put right in them."""
"""Characters of an address: RFC 5321 §4.5.3.1.3 with RFC 3696 erratum 1690."""

OCCUPATIONS = (
    "公务员",
    "事业单位工作人员",
    "专业技术人员",
    "企业管理人员",
    "工人",
    "农民",
    "学生",
    "教师",
    "医生",
    "律师",
    "文体人员",
    "现役军人",
    "自由职业者",
    "个人经营者",
    "无业人员",
    "退(离)休人员",
    "其他",
)
OCCUPATION_PROMPT = "请选择"
CONSENT_GIVEN = "yes"
COLUMN = FormTerms()
"""What the column itself asks."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The form less the captcha, each field accepted and in the form in which it is stored.

    An organisation has a type and no occupation, a person it is the other way round.
    """

    title: str
    comment: str
    submitter_kind: SubmitterKind
    occupation: str
    organisation_type: OrganisationType | None
    identity: Identity


def check_entry(
    entered: Mapping[str, str], today: date, terms: FormTerms = COLUMN, by: RealName | None = None
) -> Entry | dict[str, Problem]:
    """The whole form or, by field name in the form's order, what to mend; an absent field counts as empty.

    `entered` has the field names of the form (`title` … `comment`, `consent`); keys that the terms don't ask for are
    not looked at. `today` is the day in Asia/Shanghai on which the form arrived. `by` is the proof of the real name,
    None for the one that the form itself asks for. A child under 14 by the ID number needs its guardian's fields.
    """
    kind = kind_of(entered, terms)
    asked = asked_of(kind, terms, by or usual_proof(terms))
    fields = ("title", *asked, "comment", "consent")
    results = {name: _checked(name, entered.get(name, ""), today) for name in fields}
    if is_childs(results.get("id_number"), today):
        results |= _guardian(entered, today)
    problems = {field: result for field, result in results.items() if isinstance(result, Problem)}
    return problems or _entry(kind, results)


def kind_of(entered: Mapping[str, str], terms: FormTerms) -> SubmitterKind:
    """Who says to be writing; a person wherever organisations are not taken."""
    chosen = terms.takes_organisations and entered.get("submitter") == SubmitterKind.ORGANISATION
    return SubmitterKind.ORGANISATION if chosen else SubmitterKind.INDIVIDUAL


def is_childs(number: object, today: date) -> bool:
    """Whether it is an accepted number, of somebody who is under 14 on that day."""
    return isinstance(number, DocumentNumber) and is_under_14(number.birth_date, today)


def _checked(field: str, entered: str, today: date) -> Any:
    return check_id_number(entered, today) if field == "id_number" else CHECKS[field](entered)


def _guardian(entered: Mapping[str, str], today: date) -> dict[str, Any]:
    """One problem where the form had no place for a guardian yet: it comes back with one."""
    if "guardian_name" not in entered:
        return {"guardian_name": Problem(ProblemCode.GUARDIAN_NEEDED)}
    results = {name: _checked(name, entered.get(name, ""), today) for name in (*OF_GUARDIAN, "guardian_consent")}
    childs_name = check_name(entered.get("name", ""))
    if isinstance(childs_name, str) and results["guardian_name"] == childs_name:
        results["guardian_name"] = Problem(ProblemCode.GUARDIAN_SAME_NAME)
    return results


def _entry(kind: SubmitterKind, accepted: Mapping[str, Any]) -> Entry:
    number: DocumentNumber | None = accepted.get("id_number")
    organisation = None
    if kind is SubmitterKind.ORGANISATION:
        organisation = Organisation(accepted["organisation_name"], accepted["credit_code"])
    guardian = None
    if "guardian_name" in accepted:
        guardian = Guardian(*(accepted[name] for name in OF_GUARDIAN))
    return Entry(
        title=accepted["title"],
        comment=accepted["comment"],
        submitter_kind=kind,
        occupation=accepted.get("occupation", ""),
        organisation_type=accepted.get("organisation_type"),
        identity=Identity(
            name=accepted["contact_name" if organisation else "name"],
            id_number=number.number if number else None,
            phone=accepted["phone"],
            email=accepted.get("email"),
            organisation=organisation,
            guardian=guardian,
        ),
    )


def check_title(entered: str) -> str | Problem:
    """One line of 1 to 100 code points in NFC, without control and bidirectional characters."""
    title = on_one_line(entered)
    if not _has_something_visible(title):
        return Problem(ProblemCode.TITLE_REQUIRED)
    if len(title) > TITLE_LIMIT:
        return Problem(ProblemCode.TITLE_LENGTH, {"given": len(title), "limit": TITLE_LIMIT})
    return title


def check_comment(entered: str) -> str | Problem:
    """1 to 10,000 code points in NFC, without control and bidirectional characters; lines end in a newline.

    Emoji and blank lines inside stay; white space at the ends goes. The length is that of the accepted text, so a
    line break counts as one however the browser sent it.
    """
    comment = accepted_words(entered)
    if not comment:
        return Problem(ProblemCode.COMMENT_REQUIRED)
    if len(comment) > COMMENT_LIMIT:
        return Problem(ProblemCode.COMMENT_LENGTH, {"given": len(comment), "limit": COMMENT_LIMIT})
    return comment


def accepted_words(entered: str) -> str:
    """The text as a comment is stored, whatever its length; empty where nothing visible was entered."""
    words = without_invisible(entered).strip()
    return words if _has_something_visible(words) else ""


def check_occupation(entered: str) -> str | Problem:
    """One of `OCCUPATIONS`, exactly; brackets may be full-width."""
    occupation = half_width(entered).strip()
    if occupation in ("", OCCUPATION_PROMPT):
        return Problem(ProblemCode.OCCUPATION_REQUIRED)
    if occupation not in OCCUPATIONS:
        return Problem(ProblemCode.OCCUPATION_UNKNOWN)
    return occupation


def check_email(entered: str) -> str | Problem:
    """An address of RFC 5321 form, its domain in lower case; no mail server is asked whether it exists.

    Full-width ＠ and letters and a 。 typed for the dot are put right, as Chinese input methods produce them.
    """
    address = half_width(on_one_line(entered)).replace("。", ".").strip()
    if not address:
        return Problem(ProblemCode.EMAIL_REQUIRED)
    if len(address) > EMAIL_LIMIT:
        return Problem(ProblemCode.EMAIL_LENGTH, {"given": len(address), "limit": EMAIL_LIMIT})
    if USUAL_EMAIL.fullmatch(address):
        return address
    if "@" not in address:
        return Problem(ProblemCode.EMAIL_NO_AT)
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        return Problem(ProblemCode.EMAIL_INVALID)


def check_consent(entered: str) -> str | Problem:
    """`yes`, as the form's unticked box sends it; nothing else is consent (个人信息保护法 §14: clear and voluntary)."""
    return CONSENT_GIVEN if entered == CONSENT_GIVEN else Problem(ProblemCode.CONSENT_REQUIRED)


def check_guardian_consent(entered: str) -> str | Problem:
    """As `check_consent`, of the guardian for a child (个人信息保护法 §31)."""
    return CONSENT_GIVEN if entered == CONSENT_GIVEN else Problem(ProblemCode.GUARDIAN_CONSENT_REQUIRED)


def _has_something_visible(text: str) -> bool:
    """Whether more than white space, joiners and selectors is there; the latter draw nothing of their own."""
    return any(not (character.isspace() or character in "\u200c\u200d\ufe0e\ufe0f") for character in text)


CHECKS: Mapping[str, Callable[[str], Any]] = {
    "title": check_title,
    "name": check_name,
    "occupation": check_occupation,
    "phone": check_phone,
    "email": check_email,
    "organisation_name": check_organisation_name,
    "credit_code": check_credit_code,
    "organisation_type": check_organisation_type,
    "contact_name": check_name,
    "guardian_name": check_name,
    "guardian_relation": check_guardian_relation,
    "guardian_phone": check_phone,
    "guardian_consent": check_guardian_consent,
    "comment": check_comment,
    "consent": check_consent,
}
"""By field, the accepted value or the problem; the ID number's check needs the day as well."""
