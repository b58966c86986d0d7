"""The letters of a comment and of a clause that carry meaning, and their runs of one to three characters."""

import re
from collections import Counter
from collections.abc import Iterator

from app.kit.text import comparable

LONGEST_READ = 4000
"""Characters of a comment that are compared by meaning; references are looked for in all of it."""

_STRANGE = re.compile(r"[^\w]+")
_NOTE = re.compile(
    r"[（〔\[][^（）〔〕\[\]]{0,12}(?:责任单位|牵头单位|配合单位|责任部门|按职责分工负责)[^〔〕\[\]]*?(?:[）〕\]]|$)"
)
_NOTE_LINE = re.compile(r"(?:^|\n)(?:责任单位|牵头单位|配合单位|参与单位|完成时限|责任部门)[:：].*", re.DOTALL)
_SENTENCE_END = re.compile(r"[。；！？!?;\n]+")
_PIECE = re.compile(r"[^。；！？!?;\n]+[。；！？!?;\n]*")
_FILLERS = re.compile(
    "建议|希望|能不能|可不可以|是不是|有没有|为什么|怎么办|怎么|什么|我们|咱们|俺们|你们|他们|人家|自己|应该|应当|"
    "可以|没有|不能|不要|不会|不到|不了|这个|那个|这样|那样|一个|一下|一些|一点|有点|就是|还是|但是|可是|因为|所以|"
    "如果|要是|的话|的时候|时候|现在|已经|时间|问题|政府|国家|领导|部门|有关|觉得|认为|请问|非常|特别|真的|而且|或者|"
    "老是|总是|天天|每天|今年|去年|多少|几个|知道|出来|起来|下来|上去|[的了吗呢吧啊呀嘛哦着过得就都也还又很太再才把被让给"
    "俺咱我你他她它们啥咋这那哪个没不是有在和与及等到说]"
)


def ends_of(comment: str) -> str:
    """A long comment's beginning and end, where people say what they want."""
    half = LONGEST_READ // 2
    return comment if len(comment) <= LONGEST_READ else f"{comment[:half]}\n{comment[-half:]}"


def sound(text: str) -> str:
    """The text with a sign in place of what no encoding can carry (half characters, NUL)."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def without_notes(text: str) -> str:
    """The clause's own words: the units that its note names would draw every comment on an authority."""
    return _NOTE_LINE.sub("", _NOTE.sub("", text))


def sentences(text: str) -> list[str]:
    """The sentences of at least four characters, in order."""
    return [piece for piece in _SENTENCE_END.split(text) if len(piece.strip()) >= 4]


def pieces_of(comment: str, longest: int = 60) -> Iterator[str]:
    """A comment's sentences with what ends them; what has no end for long is cut."""
    for found in _PIECE.finditer(comment):
        sentence = found.group()
        for start in range(0, len(sentence), longest):
            yield sentence[start : start + longest]


def plain(text: str) -> str:
    """Width folded, blanks and punctuation out, lower case: what headings and quotations are compared by."""
    return _STRANGE.sub("", comparable(text)).lower()


def _runs(text: str) -> Iterator[str]:
    for piece in _STRANGE.split(comparable(text).lower()):
        for length in (1, 2, 3):
            for start in range(len(piece) - length + 1):
                yield piece[start : start + length]


def features(text: str) -> Counter[str]:
    """How often each run of one to three characters occurs; no run crosses punctuation."""
    return Counter(_runs(text))


def comment_features(text: str) -> Counter[str]:
    """As `features`, without the words that every comment has; no run crosses a place where one stood."""
    return Counter(_runs(_FILLERS.sub(" , ", ends_of(text))))
