"""One submission made of a mail: its words, its form's fields, and what it lacks. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.mail.form_fields import fields_of
from app.mail.lifecycle import MailReason
from app.mail.reading import ParsedMail
from app.mail.subjects import without_prefixes
from app.submissions.batches import SAID
from app.submissions.entering import EnteredSubmission, check_entered
from app.submissions.fields import TITLE_LIMIT, check_email
from app.submissions.lifecycle import Channel

COVER_NOTE = 120
"""Characters up to which words that speak of an attachment are read as a note to it."""
_OF_ATTACHMENT = ("附件", "附档", "附上", "详见", "attach")
_OCCUPATIONS: Mapping[str, str] = {
    **dict.fromkeys(("退休", "离休", "退休人员", "离休人员", "离退休人员", "退休职工"), "退(离)休人员"),
    **dict.fromkeys(("自由职业", "自由职业人员"), "自由职业者"),
    **dict.fromkeys(("个体", "个体户", "个体工商户", "个体经营"), "个人经营者"),
    **dict.fromkeys(("务农", "农村居民"), "农民"),
    **dict.fromkeys(("无业", "待业"), "无业人员"),
    **dict.fromkeys(("军人", "现役"), "现役军人"),
    **dict.fromkeys(("大学生", "研究生", "中学生"), "学生"),
}
"""What people write for a value of the column's list."""


@dataclass(frozen=True)
class Written:
    """The sender's words and form fields; `wrong` names fields whose values were not right and are left out."""

    words: str
    fields: Mapping[str, str]
    wrong: tuple[str, ...] = ()


def needs_attachment(parsed: ParsedMail) -> bool:
    """Whether the words stand in an attached document: the mail has none, or only a note that says so."""
    words = fields_of(parsed.own.text).comment
    speaks = any(one in words.lower() for one in _OF_ATTACHMENT)
    return not _has_words(words) or (len(words) <= COVER_NOTE and speaks)


def written(parsed: ParsedMail, documents: Sequence[str] = ()) -> Written:
    """The mail's own words, behind them those of the documents; the mail's fields go before a document's."""
    pieces = [fields_of(text) for text in (parsed.own.text, *documents)]
    fields: dict[str, str] = {}
    for piece in reversed(pieces):
        fields |= piece.values
    words = "\n\n".join(piece.comment for piece in pieces if _has_words(piece.comment))
    return Written(words, fields)


def composed(
    parsed: ParsedMail, said: Written, received_at: datetime, now: datetime, remark: str = ""
) -> tuple[EnteredSubmission, Written] | MailReason:
    """The submission, and the same words with what was wrong about the fields; or why there is none."""
    entered = _entered(parsed, said) | {"day": "2000-01-01", "remark": remark}
    found = check_entered(entered, now)
    wrong: tuple[str, ...] = ()
    if isinstance(found, dict):
        if "comment" in found:
            return MailReason.WORDS_TOO_LONG if said.words.strip() else MailReason.NO_WORDS
        wrong = tuple(found)
        found = check_entered({name: value for name, value in entered.items() if name not in wrong}, now)
    if isinstance(found, dict):
        return MailReason.UNREADABLE
    return replace(found, received_at=received_at), replace(said, wrong=wrong)


def _entered(parsed: ParsedMail, said: Written) -> dict[str, str]:
    """Whoever sends a mail answers to its address; one that stands in the words is taken where that is none."""
    fields = dict(said.fields)
    if isinstance(check_email(parsed.sender), str):
        fields["email"] = parsed.sender
    occupation = fields.get("occupation", "")
    fields["occupation"] = _OCCUPATIONS.get(occupation, occupation)
    kind = fields.get("organisation_type", "")
    fields["organisation_type"] = SAID["organisation_type"].get(kind, kind)
    fields.setdefault("title", without_prefixes(parsed.subject))
    if len(fields["title"]) > TITLE_LIMIT:
        del fields["title"]
    return {name: value for name, value in fields.items() if value} | {
        "channel": Channel.EMAIL.value,
        "comment": said.words,
    }


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)
