"""The column's form: its fields in their order, and the rule of each that is not about identity."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from email_validator import EmailNotValidError, validate_email

from app.submissions.characters import half_width, on_one_line, without_invisible
from app.submissions.identity import DocumentNumber, check_id_number, check_name
from app.submissions.phone import check_phone
from app.submissions.problems import Problem, ProblemCode

TITLE_LIMIT = 100
COMMENT_LIMIT = 10_000
EMAIL_LIMIT = 254
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


@dataclass(frozen=True, slots=True)
class Entry:
    """The eight fields less the captcha, each accepted and in the form in which it is stored."""

    title: str
    name: str
    id_number: DocumentNumber
    occupation: str
    phone: str
    email: str
    comment: str


def check_entry(entered: Mapping[str, str], today: date) -> Entry | dict[str, Problem]:
    """The whole form or, by field name in the form's order, what to mend; an absent field counts as empty.

    `entered` has the field names of the form (`title` … `comment`, `consent`); other keys are not looked at.
    `today` is the day in Asia/Shanghai on which the form arrived.
    """
    title = check_title(entered.get("title", ""))
    name = check_name(entered.get("name", ""))
    id_number = check_id_number(entered.get("id_number", ""), today)
    occupation = check_occupation(entered.get("occupation", ""))
    phone = check_phone(entered.get("phone", ""))
    email = check_email(entered.get("email", ""))
    comment = check_comment(entered.get("comment", ""))
    consent = check_consent(entered.get("consent", ""))
    results = {
        "title": title,
        "name": name,
        "id_number": id_number,
        "occupation": occupation,
        "phone": phone,
        "email": email,
        "comment": comment,
        "consent": consent,
    }
    problems = {field: result for field, result in results.items() if isinstance(result, Problem)}
    if problems:
        return problems
    assert isinstance(title, str)
    assert isinstance(name, str)
    assert isinstance(id_number, DocumentNumber)
    assert isinstance(occupation, str)
    assert isinstance(phone, str)
    assert isinstance(email, str)
    assert isinstance(comment, str)
    return Entry(title, name, id_number, occupation, phone, email, comment)


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
    comment = without_invisible(entered).strip()
    if not _has_something_visible(comment):
        return Problem(ProblemCode.COMMENT_REQUIRED)
    if len(comment) > COMMENT_LIMIT:
        return Problem(ProblemCode.COMMENT_LENGTH, {"given": len(comment), "limit": COMMENT_LIMIT})
    return comment


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
    if "@" not in address:
        return Problem(ProblemCode.EMAIL_NO_AT)
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        return Problem(ProblemCode.EMAIL_INVALID)


def check_consent(entered: str) -> str | Problem:
    """`yes`, as the form's unticked box sends it; nothing else is consent (个人信息保护法 §14: clear and voluntary)."""
    return CONSENT_GIVEN if entered == CONSENT_GIVEN else Problem(ProblemCode.CONSENT_REQUIRED)


def _has_something_visible(text: str) -> bool:
    """Whether more than white space, joiners and selectors is there; the latter draw nothing of their own."""
    return any(not (character.isspace() or character in "\u200c\u200d\ufe0e\ufe0f") for character in text)
