"""E-mail addresses in free text, also where @ and the dots are spelled out."""

import re

from app.masking.context import preceding
from app.masking.spans import Span

_LOCAL = r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9](?:[A-Za-z0-9._%+\-]{0,62}[A-Za-z0-9_])?"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62})"
_DOT = (
    r"(?:\.|[_\-]dot[_\-]|dot(?=(?:com|cn|net|org)(?![A-Za-z0-9]))|[ ]?(?:点儿?|（点）|（dot）|(?<=[ ])dot(?=[ ]))[ ]?"
    r"|[ ]?[.。·][ ]?(?=(?:com|cn|net|org|edu|gov)(?![A-Za-z0-9])))"
)
_BLANK = r"[ \t\u3000]{0,2}"
_HOST_AHEAD = r"(?=[a-z0-9-]{2,12}(?:\.[a-z]{2,6})?\.(?:com|cn|net))"
_AT = (
    rf"{_BLANK}(?:@|（\s?(?:at|艾特|a)\s?）|艾特|圈a?|小老鼠|#(?:at#)?{_HOST_AHEAD}"
    rf"|[<_\-]at[>_\-](?=[a-z0-9-]{{2,12}}(?:\.|[_\-.]dot))){_BLANK}"
)
_PROVIDER = r"(?:qq|foxmail|163|126|yeah|sina|sohu|139|189|gmail|outlook|hotmail|icloud|aliyun)"

_ADDRESS = re.compile(rf"{_LOCAL}{_AT}(?:{_LABEL}(?:{_DOT}{_LABEL}){{1,5}}|{_PROVIDER}(?![A-Za-z0-9]))", re.IGNORECASE)
_SPELLED_ADDRESS = re.compile(rf"({_LOCAL})[ \t]at[ \t]({_LABEL}(?:{_DOT}{_LABEL}){{1,5}})", re.IGNORECASE)
_MAY_BE_ONE = re.compile(r"[A-Za-z0-9_][ \t\u3000]{0,2}(?:[@（艾圈小#<_\-]|at)", re.IGNORECASE)
"""The end of a local part with what may stand for @: most comments have nothing of the kind."""
_CUE = re.compile(r"邮箱|邮件|信箱|e-?mail|mail|contact|write", re.IGNORECASE)


def find_emails(text: str) -> list[Span]:
    """Addresses with @, （at） or 艾特, dots also as 点, 。 or dot; a provider's bare name after @ counts as well.

    The English word at counts only where a word such as 邮箱 or email stands before it, or a spelled dot behind it.
    """
    if not _MAY_BE_ONE.search(text):
        return []
    found = [match.span() for match in _ADDRESS.finditer(text)]
    found += [match.span() for match in _SPELLED_ADDRESS.finditer(text) if _is_meant(text, match)]
    return [Span(start, end, "email") for start, end in found]


def _is_meant(text: str, match: re.Match[str]) -> bool:
    spelled_or_known = re.compile(rf".* dot |{_PROVIDER}\.", re.IGNORECASE)
    return spelled_or_known.match(match[2]) is not None or _CUE.search(preceding(text, match.start(), 16)) is not None
