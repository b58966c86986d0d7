"""Where a clause's heading ends and its text begins."""

import re
from collections.abc import Sequence

from app.documents.lines import Paragraph
from app.kit.text import fold, squeeze

_LONGEST_HEADING = 40
_OPENING_VERBS = re.compile(
    r"鼓励|支持|推动|推进|加快|建立|完善|引导|全面|开发|遴选|开展|落实|组织|实施|健全|深入|坚持|加强|强化|积极|大力|进一步|依托|聚焦|围绕|充分|探索|统筹|严格|优化|到20|持续|制定|提升|培育|打造|扩大|将|以|各|对"
)


def split_heading(paragraphs: Sequence[Paragraph], note_start: int | None) -> tuple[str, str | None, bool]:
    """The heading without its stop, the clause's whole text, and whether the heading's end had to be guessed.

    The text is None when nothing but the heading is printed. A clause that begins with plain text has the heading "".
    `note_start` is where a note of units begins in the first paragraph, without white space.
    """
    if not paragraphs:
        return "", None, False
    text = "\n".join(item.text for item in paragraphs)
    first = squeeze(paragraphs[0].text)
    body = first if note_start is None else first[:note_start]
    folded = fold(body)
    stop = folded.find("。")
    if stop < 0 and len(folded) <= _LONGEST_HEADING and not re.search("[；，]", folded):
        alone = len(paragraphs) == 1 and note_start is None
        return body.rstrip("：:"), None if alone else text, False
    if 0 < stop <= _LONGEST_HEADING and not re.search("[；，]", folded[:stop]):
        alone = stop == len(first) - 1 and len(paragraphs) == 1
        return body[:stop], None if alone else text, False
    if 0 < stop <= 24 and "；" not in folded[:stop] and folded[:stop].count("，") == 1:
        return body[:stop], text, False
    guessed = _guess(folded)
    return (body[:guessed], text, True) if guessed else ("", text, False)


def _guess(folded: str) -> int | None:
    """Damaged text may lack the stop: the heading then ends where the first sentence's verb begins."""
    for found in _OPENING_VERBS.finditer(folded, 5, 22):
        if not re.search(r"[，。；、：]", folded[: found.start()]) and len(found.group()) > 1:
            return found.start()
    return None
