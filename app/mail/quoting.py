"""What somebody wrote, told apart from what their mailer put below it: the mail answered to, and signatures. Pure."""

import re
from dataclasses import dataclass

_SEPARATOR = re.compile(
    r"^\s*(?:-{2,}|_{5,}|={5,})?\s*(?:原始邮件|原始信息|转发邮件|转发的邮件|邮件原件|回复的原邮件"
    r"|Original Message|Forwarded message)\s*"
    r"(?:-{2,}|_{5,}|={5,})?\s*$",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"^\s*(?:[在于]?\s?\d{4}.{4,200}写道[:：]|On .{6,200} wrote:|.{0,80}@.{0,80}写道[:：])\s*$", re.IGNORECASE
)
_HEAD = re.compile(r"^\s*\*?(发件人|发送人|寄件者|From)\*?\s*[:：]", re.IGNORECASE)
_FURTHER_HEAD = re.compile(
    r"^\s*\*?(发件人|发送人|发送时间|发送日期|日期|收件人|抄送|主题|寄件者|收件者|From|Sent|Date|To|Cc|Subject)\*?\s*[:：]",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^--\s?$")
_FROM_TELEPHONE = re.compile(
    r"^\s*([发来]自我的.{1,40}|从我的.{1,20}发送|[发来]自.{0,12}(?:邮箱|手机|客户端).{0,10}"
    r"|Sent from (?:my|Mail for) .{1,40}|Get Outlook for .{1,40})\s*$",
    re.IGNORECASE,
)
_LONGEST_MARK = 400
"""Characters of a line that are looked at; a mark is short."""


@dataclass(frozen=True)
class Own:
    """`left_out` counts the visible characters that are no words of the sender's own; the kept mail holds them."""

    text: str = ""
    left_out: int = 0


def own_words(text: str) -> Own:
    """The text without history and signature; all of it where nothing else would be left, as of a forwarded mail."""
    lines = text.split("\n")
    heads = [line[:_LONGEST_MARK].strip() for line in lines]
    end = next((place for place in range(len(lines)) if _history_begins(heads, place)), len(lines))
    kept = _without_signature([line for line in lines[:end] if not _is_quoted(line)])
    if not _says_anything(kept):
        kept = _without_head(lines)
    words = "\n".join(kept).strip()
    return Own(words, max(0, _visible(text) - _visible(words)))


def _history_begins(lines: list[str], place: int) -> bool:
    line = lines[place]
    if _SEPARATOR.match(line) or _WROTE.match(line):
        return True
    following = [one for one in lines[place + 1 : place + 6] if one.strip()][:3]
    return bool(_HEAD.match(line)) and sum(1 for one in following if _FURTHER_HEAD.match(one)) >= 2


def _is_quoted(line: str) -> bool:
    return line.startswith(">")


def _without_signature(lines: list[str]) -> list[str]:
    end = next((place for place, line in enumerate(lines) if _SIGNATURE.match(line) and place), len(lines))
    kept = lines[:end]
    while kept and (not kept[-1].strip() or _FROM_TELEPHONE.match(kept[-1][:_LONGEST_MARK])):
        kept.pop()
    return kept


def _without_head(lines: list[str]) -> list[str]:
    """Of a forwarded mail the words, without marks and lines that say who sent it to whom."""
    plain = [re.sub(r"^(?:>\s?)+", "", line) for line in lines]
    return [line for line in plain if not _is_of_mailer(line[:_LONGEST_MARK].strip())]


def _is_of_mailer(line: str) -> bool:
    return any(mark.match(line) for mark in (_SEPARATOR, _WROTE, _FURTHER_HEAD, _FROM_TELEPHONE))


def _says_anything(lines: list[str]) -> bool:
    return any(character.isalnum() for line in lines for character in line)


def _visible(text: str) -> int:
    return sum(1 for character in text if not character.isspace())
