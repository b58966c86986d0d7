"""The automatic numbers of Word's paragraphs, as text. Source: ECMA-376 part 1 § 17.9. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from app.documents.formats.numerals import printed

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DEEPEST_LEVEL = 8
_LARGEST_NUMBER = 1_000_000
_PLACE = re.compile(r"%([1-9])")
_NEEDS_SPACE = re.compile(r"[0-9A-Za-z０-９〇\u4e00-\u9fff]$")
_NEVER_APART = re.compile(r"第[^\s第]{1,8}[编章节条]$")
_LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how it counts and what it prints, %1 to %9 standing for the levels' numbers."""

    start: int = 1
    number_format: str = "decimal"
    text: str = ""
    apart: bool = True
    restart: int | None = None
    decimal_only: bool = False
    style: str | None = None


@dataclass(frozen=True, slots=True)
class Instance:
    """A numbering instance (w:num): its list and what it changes of it."""

    list_id: str
    starts: Mapping[int, int]
    levels: Mapping[int, Level]


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph style says of numbers, inherited or by itself."""

    name: str
    based_on: str | None
    instance: str | None
    level: int | None


def value(element: etree._Element | None, path: str = ".", attribute: str = "val") -> str | None:
    """A w: attribute of the element at a path of w: names; None where either is missing."""
    if element is None:
        return None
    found = element if path == "." else element.find("/".join(W + step for step in path.split("/")))
    said = None if found is None else found.get(W + attribute)
    return None if said is None else str(said)


def whole(text: str | None) -> int | None:
    """A whole number of reasonable size, or None for anything else."""
    if text is None or not re.fullmatch(r"-?[0-9]{1,9}", text):
        return None
    return int(text)


def is_on(element: etree._Element | None, name: str) -> bool:
    """A toggle property: there, and not switched off. Source: § 17.17.4."""
    found = None if element is None else element.find(W + name)
    return found is not None and found.get(W + "val", "true") not in ("0", "false", "off")


def read_styles(root: etree._Element | None) -> dict[str, Style]:
    """Paragraph styles by id; the default one also under the empty id."""
    styles: dict[str, Style] = {}
    for element in () if root is None else root.iterfind(W + "style"):
        if element.get(W + "type", "paragraph") != "paragraph":
            continue
        level = whole(value(element, "pPr/numPr/ilvl"))
        style = Style(value(element, "name") or "", value(element, "basedOn"), value(element, "pPr/numPr/numId"), level)
        styles[element.get(W + "styleId", "")] = style
        if element.get(W + "default") in ("1", "true", "on"):
            styles[""] = style
    return styles


@dataclass(slots=True)
class Numbering:
    """The lists of one document and how far each has counted; paragraphs must be asked for in printed order."""

    styles: Mapping[str, Style] = field(default_factory=dict)
    lists: Mapping[str, Mapping[int, Level]] = field(default_factory=dict)
    instances: Mapping[str, Instance] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def next_marker(self, properties: etree._Element | None) -> str:
        """The printed number of the next paragraph with these properties (w:pPr), with a space where one follows.

        Empty for a paragraph without a number or with a mere bullet.
        """
        instance_id, level = self._place(properties)
        instance = self.instances.get(instance_id or "")
        if instance is None or instance_id is None:
            return ""
        levels = {**self.lists.get(instance.list_id, {}), **instance.levels}
        if level not in levels:
            return ""
        self._count(instance_id, instance, levels, level)
        return self._print(instance, levels, level)

    def _place(self, properties: etree._Element | None) -> tuple[str | None, int]:
        style_id = value(properties, "pStyle") or ""
        own, own_level = value(properties, "numPr/numId"), whole(value(properties, "numPr/ilvl"))
        if own is not None:
            return own, own_level if own_level is not None else self._level_of_style(own, style_id) or 0
        instance, level = self._of_style(style_id)
        if instance is None:
            return None, 0
        if own_level is not None:
            return instance, own_level
        by_style = self._level_of_style(instance, style_id)
        return instance, by_style if by_style is not None else level

    def _of_style(self, style_id: str) -> tuple[str | None, int]:
        """The nearest instance up the chain of styles, and the nearest level."""
        level: int | None = None
        following: str | None = style_id
        for _ in range(_LONGEST_CHAIN):
            style = self.styles.get(following) if following is not None else None
            if style is None:
                return None, 0
            level = style.level if level is None else level
            if style.instance is not None:
                return style.instance, level or 0
            following = style.based_on
        return None, 0

    def _level_of_style(self, instance_id: str, style_id: str) -> int | None:
        """The level that names the paragraph's style, or one that the style is based on, as its own."""
        instance = self.instances.get(instance_id)
        levels = self.lists.get(instance.list_id, {}) if instance else {}
        following: str | None = style_id
        for _ in range(_LONGEST_CHAIN):
            for index, level in levels.items():
                if following and level.style == following:
                    return index
            style = self.styles.get(following) if following is not None else None
            if style is None or style.instance is not None:
                return None
            following = style.based_on
        return None

    def _count(self, instance_id: str, instance: Instance, levels: Mapping[int, Level], level: int) -> None:
        counts = self._counts.setdefault(instance.list_id, {})
        fresh = level in instance.starts and (instance_id, level) not in self._begun
        self._begun.add((instance_id, level))
        if fresh or level not in counts:
            counts[level] = instance.starts.get(level, levels[level].start)
        else:
            counts[level] = min(counts[level] + 1, _LARGEST_NUMBER)
        for deeper in [deeper for deeper in counts if deeper > level and _restarts(levels.get(deeper), level)]:
            del counts[deeper]

    def _print(self, instance: Instance, levels: Mapping[int, Level], level: int) -> str:
        counts, shown = self._counts[instance.list_id], levels[level]

        def number(found: re.Match[str]) -> str:
            place = int(found.group(1)) - 1
            counted = levels.get(place, Level())
            reached = counts.get(place, instance.starts.get(place, counted.start))
            return printed(reached, "decimal" if shown.decimal_only else counted.number_format)

        if shown.number_format == "bullet":
            return ""
        marker = _PLACE.sub(number, shown.text)
        follows = shown.apart or _NEVER_APART.search(marker) is not None
        return marker + " " if follows and _NEEDS_SPACE.search(marker) else marker


def _restarts(deeper: Level | None, level: int) -> bool:
    """A level begins anew after any higher one, or from the level it names on, or with 0 never. Source: § 17.9.10."""
    if deeper is None or deeper.restart is None:
        return True
    return deeper.restart != 0 and level < deeper.restart


def read_numbering(root: etree._Element | None, styles: Mapping[str, Style]) -> Numbering:
    """What numbering.xml and the styles say, nothing counted yet. Missing parts give a document without numbers."""
    if root is None:
        return Numbering(styles=styles)
    instances = {}
    for element in root.iterfind(W + "num"):
        changes = [(whole(change.get(W + "ilvl")), change) for change in element.iterfind(W + "lvlOverride")]
        instances[element.get(W + "numId", "")] = Instance(
            value(element, "abstractNumId") or "",
            {at: start for at, said in changes if at is not None and (start := whole(value(said, "startOverride")))},
            {at: _level(lvl) for at, said in changes if at is not None and (lvl := said.find(W + "lvl")) is not None},
        )
    instances.pop("0", None)
    lists: dict[str, Mapping[int, Level]] = {}
    linked: dict[str, str] = {}
    for element in root.iterfind(W + "abstractNum"):
        list_id = element.get(W + "abstractNumId", "")
        lists[list_id] = _levels(element)
        if (link := value(element, "numStyleLink")) is not None:
            linked[list_id] = link
    by_link = _by_style_link(root)
    for list_id, link in linked.items():
        lists[list_id] = lists.get(by_link.get(link, ""), {})
    return Numbering(styles=styles, lists=lists, instances=instances)


def _by_style_link(root: etree._Element) -> dict[str, str]:
    """Numbering style → the list that defines it. Source: § 17.9.27."""
    found = {}
    for element in root.iterfind(W + "abstractNum"):
        if (link := value(element, "styleLink")) is not None:
            found[link] = element.get(W + "abstractNumId", "")
    return found


def _levels(element: etree._Element) -> dict[int, Level]:
    levels = {}
    for lvl in element.iterfind(W + "lvl"):
        at = whole(lvl.get(W + "ilvl"))
        if at is not None and 0 <= at <= DEEPEST_LEVEL:
            levels[at] = _level(lvl)
    return levels


def _level(element: etree._Element) -> Level:
    start = whole(value(element, "start"))
    return Level(
        start=1 if start is None else max(start, 0),
        number_format=value(element, "numFmt") or "decimal",
        text=value(element, "lvlText") or "",
        apart=(value(element, "suff") or "tab") != "nothing",
        restart=whole(value(element, "lvlRestart")),
        decimal_only=is_on(element, "isLgl"),
        style=value(element, "pStyle"),
    )
