"""Where a clause's heading ends and its text begins."""

import re
from dataclasses import dataclass
from statistics import median

from app.documents.markers import Style
from app.documents.structure import Node
from app.kit.text import fold, squeeze

_LONGEST_HEADING = 40
_LONGEST_ARTICLE_HEADING = 16
_OPENING_VERBS = re.compile(
    r"鼓励|支持|推动|推进|加快|建立|完善|引导|全面|开发|遴选|开展|落实|组织|实施|健全|深入|坚持|加强|强化|积极|大力|进一步|依托"
    r"|聚焦|围绕|充分|探索|统筹|严格|优化|持续|制定|提升|培育|打造|扩大|到20"
)
_HALF_STOP = re.compile(r"(?<=[一-龥）”])\.(?=[一-龥“（]|$)")
_RULE_WORDS = re.compile(r"应当|负责|适用|可以|不得|根据|施行|是指|包括|下列|按照|[由是]")


@dataclass(slots=True)
class Heading:
    """`text` is the clause's whole text, None when nothing but the heading is printed; `guessed`: its end was."""

    heading: str
    text: str | None
    guessed: bool = False


def split_headings(nodes: list[Node], note_starts: list[int | None]) -> list[Heading]:
    """The heading of each clause, without its stop, "" where it begins with plain text.

    `note_starts` says where a note of units begins in each clause's first paragraph, without white space. A heading
    much longer than the others of its kind has lost its stop and ends where its sentence's verb begins.
    """
    parents = {node.parent for node in nodes}
    found = [
        _split(node, start, has_children=node.label in parents) for node, start in zip(nodes, note_starts, strict=True)
    ]
    for style in {node.marker.style for node in nodes}:
        same = [item for node, item in zip(nodes, found, strict=True) if node.marker.style is style]
        _shorten(same)
    return found


def _shorten(same: list[Heading]) -> None:
    lengths = [len(item.heading) for item in same if item.heading]
    if len(lengths) < 4:
        return
    usual = median(lengths)
    for item in same:
        if len(item.heading) > 2 * usual + 2 and item.text is not None:
            cut = _guess(fold(item.heading))
            if cut:
                item.heading, item.guessed = item.heading[:cut], True


def _split(node: Node, note_start: int | None, *, has_children: bool) -> Heading:
    if not node.paragraphs:
        return Heading("", None)
    text = "\n".join(item.text for item in node.paragraphs)
    first = squeeze(node.paragraphs[0].text)
    body = first if note_start is None else first[:note_start]
    folded = _HALF_STOP.sub("。", fold(body))
    alone = len(node.paragraphs) == 1 and note_start is None
    stop = folded.find("。")
    if node.marker.style is Style.ARTICLE or "条" in (node.parent or "") or node.marker.style >= Style.DECIMAL_DEEP:
        return _item(body, folded, text, stop, alone=alone)
    if stop < 0 and len(folded) <= _LONGEST_HEADING and not re.search("[；，]", folded):
        return Heading(body.rstrip("：:"), None if alone else text)
    if 0 < stop <= _LONGEST_HEADING and not re.search("[；，]", folded[:stop]):
        bare = alone and stop == len(first) - 1 and has_children
        return Heading(body[:stop], None if bare else text)
    if 0 < stop <= _LONGEST_HEADING and "；" not in folded[:stop] and folded[:stop].count("，") == 1:
        return Heading(body[:stop], text)
    guessed = _guess(folded)
    return Heading(body[:guessed], text, guessed=True) if guessed else Heading("", text)


def _item(body: str, folded: str, text: str, stop: int, *, alone: bool) -> Heading:
    """Articles and small items have a heading only where a short phrase stands before their text."""
    if not alone and 0 < len(folded) <= _LONGEST_ARTICLE_HEADING and not re.search("[。；，：]", folded):
        return Heading(body, text)
    phrase = folded[: max(stop, 0)]
    is_phrase = 0 < stop < len(folded) - 1 and len(phrase) <= _LONGEST_ARTICLE_HEADING
    if is_phrase and not re.search("[；，]", phrase) and not _RULE_WORDS.search(phrase):
        return Heading(body[:stop], text)
    bracketed = re.match(r"（([^（）]{2,16})）", folded)
    return Heading(body[1 : bracketed.end() - 1] if bracketed else "", text)


def _guess(folded: str) -> int | None:
    for found in _OPENING_VERBS.finditer(folded, 5, 22):
        if not re.search(r"[，。；、：]", folded[: found.start()]):
            return found.start()
    return None
