"""Numbers of bank cards and accounts in free text."""

import re

from app.masking.check_digits import is_luhn_number
from app.masking.context import INSIDE, is_record_number, without_separators
from app.masking.spans import Span

_CARD = re.compile(rf"(?<![\dA-Za-z])(?=([3-69](?:{INSIDE}\d){{15,18}})(?!\d))")
_AFTER_CUE = re.compile(
    r"(?:银行|卡号|(?<![交话机油饭年月])卡(?=[是：为\d\s])|账号|帐号|账户|帐户|储蓄卡|信用卡|存折"
    r"|[建工农中招交][商]?行卡?|邮储|信用社|开户|汇款|打款|转账|[汇打退存转](?:到|入|至|给))"
    rf"[^\d\n*]{{0,12}}(\d(?:{INSIDE}\d){{11,22}})(?!\d)"
)
_TELEPHONE = re.compile(r"电话|手机|热线|客服")
_UNIONPAY = re.compile(r"62\d{14,17}")


def find_bank_cards(text: str) -> list[Span]:
    """Numbers of 16 to 19 digits whose check digit fits (ISO/IEC 7812-1) or that begin as UnionPay cards do.

    After a word such as 卡号 or 账户 any 12 to 23 digits count, accounts having no common check digit; after a word
    for the number of an order or a case none does.
    """
    found = [
        match.span(1)
        for match in _CARD.finditer(text)
        if _is_card(without_separators(match[1])) and not is_record_number(text, match.start(1))
    ]
    found += [match.span(1) for match in _AFTER_CUE.finditer(text) if not _is_other(text, match)]
    return [Span(start, end, "bank_card") for start, end in found]


def _is_other(text: str, match: re.Match[str]) -> bool:
    named = _TELEPHONE.search(text[match.start() : match.start(1)]) is not None
    return named or is_record_number(text, match.start(1))


def _is_card(digits: str) -> bool:
    return is_luhn_number(digits) or _UNIONPAY.fullmatch(digits) is not None
