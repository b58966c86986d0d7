"""An office that is written to at a free-mail address. Pure."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

from app.consultations.places import NoticeWarning, Part, WarningCode
from app.consultations.subject import Subject
from app.kit.text import fold

_ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+\-]*@([A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+)")
_TEXTS = (Part.CONTACTS, Part.NOTICE, Part.EXPLANATION)


def free_mail(subject: Subject) -> Iterator[NoticeWarning]:
    """Addresses at providers of free mail, in the contacts and in the texts; the list is `data/free_mail.txt`."""
    for part in _TEXTS:
        placed = subject.placed(part)
        for address in _ADDRESS.finditer(fold(placed.text)):
            if provider := _provider(address[1].lower()):
                yield placed.warning(WarningCode.FREE_MAIL, *address.span(), provider=provider)


def _provider(domain: str) -> str | None:
    """The listed provider that the domain is of: vip.qq.com is qq.com's."""
    parts = domain.split(".")
    return next((name for place in range(len(parts)) if (name := ".".join(parts[place:])) in _providers()), None)


@cache
def _providers() -> frozenset[str]:
    text = resources.files("app.consultations").joinpath("data", "free_mail.txt").read_text(encoding="utf-8")
    return frozenset(line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#"))
