"""Reading numbered references out of a comment, without a document: 第五条, 第二部分第（三）项, 第3至5条, 二（一）3."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.documents.matching.outline import CIRCLED, NUMERALS, read_number
from app.kit.text import fold

_NUMBER = rf"[{NUMERALS}]{{1,5}}|\d{{1,3}}"
_ITEM = rf"（?(?:{_NUMBER})）?"
_UNITS = "部分|大部分|大项|大点|大条|小项|小点|编|章|节|条|款|项|目|点|段"
_BETWEEN = r"\s*(?:、|,|，|和|及|与|以及|或)\s*"
_TO = r"\s*(?:至|到|-|—|－|~|～|–)+\s*"
_LIST = rf"{_ITEM}(?:(?:{_BETWEEN}|{_TO})第?{_ITEM})*"
_UNIT_REFERENCE = re.compile(rf"第\s*({_LIST})\s*({_UNITS})")
_BARE_UNIT = re.compile(rf"({_ITEM})\s*(条|款|项|目)")
_OPENING = re.compile(rf"(?<![\w.])([{NUMERALS}]{{1,3}})(?=[、.．]?\s*（[{NUMERALS}\d]{{1,3}}）)")
_OPENING_DIGITS = re.compile(rf"(?<![\w.])([{NUMERALS}]{{1,3}})(?=[、/.．]\s*\d{{1,2}}(?![\d年月日.]))")
_BRACKETED = re.compile(rf"（([{NUMERALS}]{{1,3}}|\d{{1,2}})）")
_POINTED_AT = re.compile(r"(?=\s*(?:[这那]|[条项款点]|里|中|所|的规定|规定))")
_FOLLOWING_DIGITS = re.compile(r"(\d{1,2})(?![\d.]*(?:[年月日天个名元%％万亿岁家层次人倍\d]))")
_FOLLOWING_CHINESE = re.compile(rf"([{NUMERALS}]{{1,3}})(?=[、.．]?\s*（)")
_CIRCLED = re.compile(f"([{CIRCLED}])")
_DOTTED = re.compile(r"(?<![\w.])(\d{1,2}(?:\.\d{1,2}){1,3})(?![\d.]*[\d%％万亿倍元])")
_GAP = re.compile(r"[\s、.．/的之中里下，,\-]{0,2}")
_LIST_GAP = re.compile(rf"{_BETWEEN}|{_TO}")
_RANGE_GAP = re.compile(_TO)
_OTHER_LAW = re.compile(r"(?:法|典|条例|司法解释|宪法)[》〉]?\s*(?:的|中|里)?\s*$")
_OWN_NAME = re.compile(r"(?:办法|本条例|该条例|本法|做法|方法|想法|看法|说法|书法)[》〉]?\s*(?:的|中|里)?\s*$")
_ENUMERATION = re.compile(r"\s*(?:[,，:：、]|是|(?:意见|建议|问题|想法|看法|理由|原因))")
_RANKS = {
    "编": 0,
    "部分": 0,
    "大部分": 0,
    "大项": 0,
    "大点": 0,
    "大条": 0,
    "章": 1,
    "节": 2,
    "条": 3,
    "款": 4,
    "段": 4,
    "目": 5.5,
}
_LARGEST_RANGE = 30


@dataclass(frozen=True, slots=True)
class Step:
    """One level of a reference. `unit` is the printed unit, or (), 一, 1, ① or 1.1 where only a marker stands.

    `values` are the numbers that it names, more than one for lists and ranges; `chinese` and `bracketed` tell how.
    """

    unit: str
    values: tuple[int, ...]
    chinese: bool
    bracketed: bool
    printed: str

    @property
    def rank(self) -> float:
        """Depth as far as the unit tells it: a step goes on with a chain only if it's deeper than the one before."""
        return {"一": 0.5, "()": 3.5, "1": 4.5, "①": 6, "1.1": 0}.get(self.unit, _RANKS.get(self.unit, 5))


@dataclass(frozen=True, slots=True)
class Citation:
    """Steps from the outermost inwards, as they stand in the comment."""

    steps: tuple[Step, ...]
    start: int
    end: int
    printed: str


def _values(written: str) -> tuple[int, ...]:
    pieces = re.split(rf"({_BETWEEN}|{_TO})", written)
    found: list[int] = []
    for index in range(0, len(pieces), 2):
        value = read_number(pieces[index].strip("第（） "))
        if value is None:
            continue
        if index and found and _RANGE_GAP.fullmatch(pieces[index - 1]) and 0 < value - found[-1] <= _LARGEST_RANGE:
            found += range(found[-1] + 1, value)
        found.append(value)
    return tuple(dict.fromkeys(found))


def _step(unit: str, written: str) -> Step:
    if unit == "①":
        return Step(unit, (CIRCLED.index(written) + 1,), False, False, written)
    chinese = any(character in NUMERALS for character in written)
    bracketed = unit == "()" or "（" in written
    return Step(unit, _values(written) if unit != "1.1" else (), chinese, bracketed, written)


def _first_step(text: str, start: int) -> tuple[Step, int] | None:
    found = _UNIT_REFERENCE.match(text, start)
    if found:
        return _step(found.group(2), found.group(1)), found.end()
    for pattern, unit in ((_OPENING, "一"), (_OPENING_DIGITS, "一"), (_DOTTED, "1.1")):
        found = pattern.match(text, start)
        if found:
            return _step(unit, found.group(1)), found.end()
    found = _BRACKETED.match(text, start)
    if found and _POINTED_AT.match(text, found.end()):
        return _step("()", found.group(1)), found.end()
    return None


def _next_step(text: str, start: int, above: Step) -> tuple[Step, int] | None:
    """The step that goes on with a chain at `start`, where only a gap of two signs may lie between."""
    gap = _GAP.match(text, start)
    at = gap.end() if gap else start
    options = [(_UNIT_REFERENCE, ""), (_BRACKETED, "()"), (_CIRCLED, "①")]
    if above.rank < 3 or above.unit in ("()", "1"):
        options += [(_FOLLOWING_CHINESE, "一")]
    if above.unit in ("()", "一") and at - start <= 1:
        options += [(_FOLLOWING_DIGITS, "1")]
    for pattern, unit in options:
        found = pattern.match(text, at)
        if found:
            step = _step(unit or found.group(2), found.group(1))
            if step.rank > above.rank:
                return step, found.end()
    return None


def _chain(text: str, start: int) -> Citation | None:
    first = _first_step(text, start)
    if first is None:
        return None
    steps, end = [first[0]], first[1]
    if first[0].unit == "1.1":
        return Citation(tuple(steps), start, end, text[start:end])
    while (following := _next_step(text, end, steps[-1])) is not None:
        steps.append(following[0])
        end = following[1]
    return Citation(tuple(steps), start, end, text[start:end])


def _ignored(text: str, citation: Citation) -> bool:
    """Another law's article, or one of the writer's own points (第一点，…)."""
    before, after = text[max(0, citation.start - 12) : citation.start], text[citation.end :]
    if _OTHER_LAW.search(before) and not _OWN_NAME.search(before):
        return True
    first = citation.steps[0]
    return len(citation.steps) == 1 and first.unit in ("点", "小点") and _ENUMERATION.match(after) is not None


def _continued(text: str, citation: Citation) -> Iterator[Citation]:
    """第12条、13条; 第三条到第五条: what a list or a range goes on with."""
    last = citation
    while True:
        gap = _LIST_GAP.match(text, last.end)
        if not gap:
            return
        found = _BARE_UNIT.match(text, gap.end())
        if found:
            step = _step(found.group(2), found.group(1))
            following = Citation((*last.steps[:-1], step), gap.end(), found.end(), found.group())
        else:
            chained = _chain(text, gap.end())
            if chained is None:
                return
            following = chained
        if _RANGE_GAP.fullmatch(gap.group()):
            following = _ranged(last, following)
        yield following
        last = following


def _ranged(first: Citation, last: Citation) -> Citation:
    begin, step = first.steps[-1], last.steps[-1]
    if begin.unit != step.unit or not begin.values or not step.values:
        return last
    span = range(begin.values[-1] + 1, step.values[0])
    if len(span) > _LARGEST_RANGE:
        return last
    steps = last.steps if len(last.steps) >= len(first.steps) else (*first.steps[:-1], step)
    return replace(last, steps=(*steps[:-1], replace(step, values=(*span, *step.values))))


def read_citations(comment: str) -> list[Citation]:
    """Every numbered reference to the draft, in the order of print. References to other laws are left out."""
    text = fold(comment)
    found: list[Citation] = []
    at = 0
    while at < len(text):
        if text[at] not in _STARTS:
            at += 1
            continue
        citation = _chain(text, at)
        if citation is None:
            at += 1
            continue
        group = [citation, *_continued(text, citation)]
        if not _ignored(text, citation):
            found += group
        at = max(group[-1].end, at + 1)
    return found


_STARTS = frozenset(f"第（{NUMERALS}0123456789")
