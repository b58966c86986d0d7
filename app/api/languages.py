"""The language of a problem's words: what the client asked for, Chinese otherwise. Pure."""

from typing import Literal

Language = Literal["zh", "en"]
DEFAULT: Language = "zh"


def preferred(accept_language: str | None) -> Language:
    """The better liked of the two by `Accept-Language` (RFC 9110 §12.5.4); Chinese when it names neither or is broken.

    Of two liked equally the one named first; `*` stands for the default.
    """
    best, best_weight = DEFAULT, 0.0
    for item in (accept_language or "").split(","):
        tag, _, parameters = item.strip().partition(";")
        language = _of_tag(tag.strip().lower())
        weight = _weight(parameters.strip())
        if language is not None and weight > best_weight:
            best, best_weight = language, weight
    return best


def _of_tag(tag: str) -> Language | None:
    if tag == "*":
        return DEFAULT
    primary = tag.partition("-")[0]
    return "en" if primary == "en" else "zh" if primary == "zh" else None


def _weight(parameters: str) -> float:
    if not parameters:
        return 1.0
    name, _, value = parameters.partition("=")
    try:
        weight = float(value) if name.strip().lower() == "q" else 0.0
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
