"""From paragraphs to the tree of clauses, by the markers that are printed before them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from app.documents.doubts import Doubt, What
from app.documents.lines import Paragraph, paragraph
from app.documents.markers import Marker, Style, chinese_numeral, parse_marker
from app.kit.text import squeeze

_SMALL_GAP = 3
_LONGEST_BARE = 28
_LOOK_AHEAD = 40
_MOST_REPAIRS = 40
_LONGEST_ENTRY = 45


@dataclass(slots=True)
class Node:
    """A clause being read: its path label, its paragraphs without the marker, and where it hangs."""

    marker: Marker
    label: str
    parent: str | None
    level: int
    paragraphs: list[Paragraph] = field(default_factory=list)


@dataclass(slots=True)
class Tree:
    """The clauses in printed order, what stood before the first of them, and what was unclear."""

    nodes: list[Node] = field(default_factory=list)
    preamble: list[Paragraph] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


@dataclass(slots=True)
class _Gap:
    """Number `missing` of a series is not printed between the paragraphs `start` and `end`."""

    style: Style
    missing: int
    start: int
    end: int


def read_structure(paragraphs: Sequence[Paragraph]) -> Tree:
    """The clause tree of one draft. Every paragraph lands in exactly one clause or in the preamble.

    A marker that was lost is restored where its series lacks exactly that number and one heading stands alone.
    """
    work = [piece for item in without_contents(paragraphs) for piece in split_items(item)]
    forced: dict[int, Marker] = {}
    for _ in range(_MOST_REPAIRS):
        builder = _Builder(work, forced)
        builder.run()
        repair = next((found for gap in builder.gaps if (found := _repair(gap, work, forced))), None)
        if repair is None:
            break
        index, marker, pieces = repair
        if pieces:
            work[index : index + 1] = pieces
            forced = {position + (position > index): value for position, value in forced.items()}
        else:
            forced[index] = marker
    return builder.tree


_PAGE_NUMBER = re.compile(r"[\s.·…—-]*\d{0,3}$")


def without_contents(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """The paragraphs without a table of contents: short numbered lines whose first comes again further down."""
    first = next((i for i, item in enumerate(paragraphs) if (m := parse_marker(item.folded)) and not m.weak), None)
    if first is None:
        return list(paragraphs)
    entry = _PAGE_NUMBER.sub("", squeeze(paragraphs[first].folded))
    for index in range(first + 1, len(paragraphs)):
        line = squeeze(paragraphs[index].folded)
        if line == entry and index > first + 1:
            return [*paragraphs[:first], *paragraphs[index:]]
        if len(line) > _LONGEST_ENTRY or "。" in line:
            break
    return list(paragraphs)


_ITEM = re.compile(r"(?<=[：；。])\s*(?=（[一二三四五六七八九十]{1,3}）(?![项款目]))")


def split_items(item: Paragraph) -> list[Paragraph]:
    """An article whose items （一）… stand in the same paragraph, as one paragraph each; anything else as it is."""
    marker = parse_marker(item.folded)
    if marker is None or marker.style is not Style.ARTICLE or "：（一）" not in squeeze(item.folded):
        return [item]
    cuts = [0, *(found.start() for found in _ITEM.finditer(item.folded)), len(item.text)]
    return [paragraph(item.text[start:end].strip()) for start, end in pairwise(cuts)]


class _Builder:
    """One pass over the paragraphs with a stack of open clauses."""

    def __init__(self, paragraphs: list[Paragraph], forced: dict[int, Marker]) -> None:
        self.paragraphs = paragraphs
        self.forced = forced
        self.tree = Tree()
        self.gaps: list[_Gap] = []
        self.stack: list[tuple[Marker, Node]] = []
        self.last: dict[Style, int] = {}
        self.last_at: dict[Style, int] = {}
        self.seen: dict[str, int] = {}
        self.article_inside = _articles_inside(paragraphs)
        self.whole_numerals = _whole_numerals(paragraphs)
        self.decimals = any(re.match(r"1\.1(?!\d)", item.folded) for item in paragraphs)

    def run(self) -> None:
        for index, item in enumerate(self.paragraphs):
            forced = self.forced.get(index)
            marker = forced or self._fitting(parse_marker(item.folded), index)
            if marker is not None:
                self._open(marker, item, index, restored=forced is not None)
            else:
                self._continue(item)

    def _continue(self, item: Paragraph) -> None:
        (self.stack[-1][1].paragraphs if self.stack else self.tree.preamble).append(item)

    def _rank(self, style: Style) -> float:
        if style is Style.ARTICLE and self.article_inside:
            return Style.CHINESE + 0.5
        return float(style)

    def _sibling(self, style: Style) -> int | None:
        return next((marker.number for marker, _ in reversed(self.stack) if marker.style is style), None)

    def _fitting(self, marker: Marker | None, index: int) -> Marker | None:
        """The marker if it fits the numbering here; a bare numeral in whichever form is expected."""
        if marker is None:
            return None
        forms = [marker]
        if marker.bare:
            bracketed = replace(marker, style=Style.CHINESE_BRACKETED, label=f"（{marker.label}）")
            forms = [bracketed] if marker.number in self.whole_numerals else [marker, bracketed]
        return next((form for form in forms if self._fits(form, index)), None)

    def _fits(self, marker: Marker, index: int) -> bool:
        sibling, last = self._sibling(marker.style), self.last.get(marker.style)
        number = marker.number
        if number == 0:
            return False
        expected = {1} | ({sibling + 1} if sibling is not None else set()) | ({last + 1} if last is not None else set())
        if marker.weak:
            return self._fits_weakly(marker, sibling, last, index)
        if number in expected:
            return number != 1 or not self._restarts_badly(marker, sibling, index)
        reference = sibling if sibling is not None else last
        if reference is None:
            return number <= _SMALL_GAP or self._begins_late(marker, index)
        if sibling is None and number <= _SMALL_GAP:
            return marker.style is not Style.ARTICLE
        return number == reference or reference < number <= reference + _SMALL_GAP

    def _fits_weakly(self, marker: Marker, sibling: int | None, last: int | None, index: int) -> bool:
        if marker.style in (Style.DECIMAL, Style.DECIMAL_DEEP):
            head = marker.label.rsplit(".", 1)[0]
            return any(open_marker.label == head for open_marker, _ in self.stack)
        if marker.style is Style.ARTICLE:
            return sibling is not None
        reference = sibling if sibling is not None else last
        if self.decimals and marker.style is Style.ARABIC and reference is None:
            reference = 0
        if marker.number == 1 and sibling is None:
            return self._has_successor(marker.style, index)
        if reference is None:
            return False
        alone = _is_heading(self.paragraphs[index].folded[marker.end :])
        skips = marker.bare and alone and (marker.style is Style.CHINESE_BRACKETED or not self.whole_numerals)
        return marker.number == reference + 1 or (skips and marker.number == reference + 2)

    def _begins_late(self, marker: Marker, index: int) -> bool:
        """An excerpt begins at any number of its articles or chapters: then the next of them goes on from it."""
        if marker.style > Style.ARTICLE:
            return False
        for item in self.paragraphs[index + 1 : index + 1 + _LOOK_AHEAD]:
            following = parse_marker(item.folded)
            if following is not None and following.style is marker.style and not following.weak:
                return marker.number < following.number <= marker.number + _SMALL_GAP
        return False

    def _has_successor(self, style: Style, index: int) -> bool:
        """Whether number 2 of the series follows before anything of a higher rank: it speaks for a damaged 1."""
        for item in self.paragraphs[index + 1 : index + 1 + _LOOK_AHEAD]:
            marker = parse_marker(item.folded)
            if marker is None or (marker.style > style and not marker.bare):
                continue
            if marker.style is style or (marker.bare and style is Style.CHINESE_BRACKETED):
                return marker.number == 2
            if not marker.weak:
                return False
        return False

    def _restarts_badly(self, marker: Marker, sibling: int | None, index: int) -> bool:
        """第一条 or 第一章 comes once in a draft, and no series begins again in the middle of a sentence."""
        if sibling is None:
            return False
        if marker.style <= Style.ARTICLE and marker.style is not Style.SECTION:
            return True
        before = self.paragraphs[index - 1].folded if index else ""
        return len(before) > _LONGEST_BARE and not re.search(r"[。；：）]$", before)

    def _open(self, marker: Marker, item: Paragraph, index: int, *, restored: bool) -> None:
        sibling, last = self._sibling(marker.style), self.last.get(marker.style)
        self._note_gap(marker, sibling, last, index)
        rank = self._rank(marker.style)
        while self.stack and self._rank(self.stack[-1][0].style) >= rank:
            self.stack.pop()
        parent = self.stack[-1][1] if self.stack else None
        path = f"{parent.label}/{marker.label}" if parent else marker.label
        label = self._unique(path)
        node = Node(marker, label, parent.label if parent else None, len(self.stack) + 1)
        rest = item.text if restored else item.text[marker.end :]
        if squeeze(rest):
            node.paragraphs.append(paragraph(rest.strip()))
        self.tree.nodes.append(node)
        self.stack.append((marker, node))
        self.last[marker.style], self.last_at[marker.style] = marker.number, index
        if restored:
            self.tree.doubts.append(Doubt(label, What.MARKER_RESTORED, marker.label))
        elif marker.weak and not self.decimals:
            self.tree.doubts.append(Doubt(label, What.MARKER_DAMAGED, marker.label))

    def _unique(self, path: str) -> str:
        """The second clause with one path carries #2."""
        self.seen[path] = count = self.seen.get(path, 0) + 1
        if count == 1:
            return path
        label = f"{path}#{count}"
        self.tree.doubts.append(Doubt(label, What.NUMBER_REPEATED, path))
        return label

    def _note_gap(self, marker: Marker, sibling: int | None, last: int | None, index: int) -> None:
        reference = sibling if sibling is not None else last
        if reference is None or (sibling is None and marker.number <= reference):
            reference = 0
        if marker.number <= reference + 1:
            return
        if reference == 0 and marker.number > _SMALL_GAP + 1:
            self.tree.doubts.append(Doubt(marker.label, What.NUMBER_SKIPPED, label_of(marker.style, 1, marker.label)))
            return
        start = self.last_at.get(marker.style, -1)
        for missing in range(reference + 1, marker.number):
            self.gaps.append(_Gap(marker.style, missing, start, index))
            self.tree.doubts.append(
                Doubt(marker.label, What.NUMBER_SKIPPED, label_of(marker.style, missing, marker.label))
            )


def label_of(style: Style, number: int, like: str = "") -> str:
    """The printed form of a number in a style; `like` shows whether chapters are counted in Chinese numerals."""
    numeral = chinese_numeral(number)
    if style is Style.CHINESE:
        return numeral
    if style is Style.CHINESE_BRACKETED:
        return f"（{numeral}）"
    if style is Style.ARABIC_BRACKETED:
        return f"（{number}）"
    if style is Style.CIRCLED and number <= 20:
        return chr(ord("①") + number - 1)
    if style <= Style.ARTICLE:
        return f"第{numeral}{re.sub(r'^第.*?(?=部分|分编|[编篇章节条])', '', like)}"
    return f"{number}）" if style is Style.ARABIC_HALF else str(number)


def _whole_numerals(paragraphs: Sequence[Paragraph]) -> set[int]:
    """The numbers that are printed as 一、 in full: a bare numeral of the same value is then not one of them."""
    markers = (parse_marker(item.folded) for item in paragraphs)
    return {marker.number for marker in markers if marker and marker.style is Style.CHINESE and not marker.weak}


def _articles_inside(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether 一、 stands above 第一条, as in some rules, rather than within it."""
    for item in paragraphs:
        marker = parse_marker(item.folded)
        if marker is not None and marker.style in (Style.ARTICLE, Style.CHINESE, Style.CHAPTER) and not marker.weak:
            return marker.style is Style.CHINESE
    return False


def _opens_lower(folded: str, style: Style) -> bool:
    """Whether a line begins a clause below those of a style: what stands before it may be their heading."""
    marker = parse_marker(folded)
    return marker is not None and not marker.weak and marker.style > style


_SENTENCE_MARK = re.compile(r"[。；：，！？]")
_Repair = tuple[int, Marker, list[Paragraph]]


def _repair(gap: _Gap, paragraphs: list[Paragraph], forced: dict[int, Marker]) -> _Repair | None:
    return _inline(gap, paragraphs) or _bare_heading(gap, paragraphs, forced)


def _inline(gap: _Gap, paragraphs: list[Paragraph]) -> _Repair | None:
    """The missing marker may stand inside a paragraph whose line break was lost."""
    for index in range(max(gap.start, 0), gap.end):
        item = paragraphs[index]
        for stop in re.finditer(r"[^第\d（、，至到和—-](?=[（第\d一二三四五六七八九十①-⑳])", item.folded):
            position = stop.end()
            marker = parse_marker(item.folded[position : position + 12])
            if marker and not marker.weak and (marker.style, marker.number) == (gap.style, gap.missing):
                return index, marker, [paragraph(item.text[:position].strip()), paragraph(item.text[position:])]
    return None


def _bare_heading(gap: _Gap, paragraphs: list[Paragraph], forced: dict[int, Marker]) -> _Repair | None:
    """The one unnumbered heading, or else the one unnumbered paragraph with a heading, between the neighbours."""
    candidates = [
        index
        for index in range(gap.start + 1, gap.end)
        if index not in forced and parse_marker(paragraphs[index].folded) is None and paragraphs[index].text.strip()
    ]
    headings = [index for index in candidates if _is_heading(paragraphs[index].folded)]
    if len(headings) > 1:
        headings = [index for index in headings if _opens_lower(paragraphs[index + 1].folded, gap.style)]
    if len(headings) != 1 and gap.style >= Style.CHINESE:
        headings = [index for index in candidates if _has_heading(paragraphs[index].folded)]
    if len(headings) != 1 or gap.style is Style.ARTICLE:
        return None
    marker = Marker(gap.style, gap.missing, label_of(gap.style, gap.missing, "章"), 0)
    return headings[0], replace(marker), []


def _is_heading(folded: str) -> bool:
    return (
        3 <= len(folded) <= _LONGEST_BARE
        and not _SENTENCE_MARK.search(folded.rstrip("。"))
        and not re.search(r"\d日?$", folded)
    )


def _has_heading(folded: str) -> bool:
    first = folded.split("。", 1)
    return len(first) == 2 and 4 <= len(first[0]) <= 24 and not re.search("[，、：；]", first[0]) and len(first[1]) > 20
