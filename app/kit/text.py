"""Width and white space of Chinese text, as code points: every function here is pure and total."""

import re
import unicodedata

_BRACKETS = dict(zip("()[]【】〔〕［］{}｛｝", "（）（）（）（）（）（）（）", strict=True))
_PUNCTUATION = dict(zip(":,;!?﹕｡､", "：，；！？：。、", strict=True))
_WHITE_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_INNER_SPACE = re.compile(r"[ \t\u00a0\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff]+")


def _compatible(first: int, last: int) -> dict[str, str]:
    forms = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(first, last + 1)}
    return {printed: plain for printed, plain in forms.items() if len(plain) == 1 and plain != printed}


_FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_FOLDED = _compatible(0x2E80, 0x2FDF) | _compatible(0xF900, 0xFAFF) | _FULL_WIDTH | _PUNCTUATION | _BRACKETS
_FOLDED |= {wide: _FOLDED.get(plain, plain) for wide, plain in _FULL_WIDTH.items() if wide not in _BRACKETS}
_FOLDING = re.compile("[" + "".join(map(re.escape, _FOLDED)) + "]")


def fold(text: str) -> str:
    """One form of every width: ASCII letters and digits half-width, Chinese punctuation and all brackets full-width.

    The result has exactly the length of the input, so an offset into one is an offset into the other.
    """
    return _FOLDING.sub(lambda found: _FOLDED[found.group()], text)


def squeeze(text: str) -> str:
    """All white space removed, the invisible kinds too: Chinese words don't depend on it."""
    return _WHITE_SPACE.sub("", text)


def tidy(text: str) -> str:
    """The line without outer white space and with every inner run of blanks as one space."""
    return _INNER_SPACE.sub(" ", text).strip()


def comparable(text: str) -> str:
    """The key under which two spellings of one name are equal: folded, without white space."""
    return fold(squeeze(text))
