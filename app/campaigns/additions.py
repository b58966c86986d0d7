"""What senders wrote besides the common text. Pure."""

from app.campaigns.likeness import covering
from app.campaigns.wording import Wording

LEAST_ADDITION = 8
"""Letters of content from which on a member has an addition; a name or a place put in is none."""
_MARKS = frozenset("。！？!?；;…”」』）)")


def additions(text: str, wording: Wording, common: Wording) -> list[tuple[int, int]]:
    """The places of the sender's own words, in code points, in order, the end exclusive; none where they are few."""
    missing = covering(wording, common).missing
    if sum(piece.weight for piece in missing) < LEAST_ADDITION:
        return []
    found: list[tuple[int, int]] = []
    last = -1
    for piece in missing:
        start, end = wording.extent(piece.start, piece.end)
        while end < len(text) and text[end] in _MARKS:
            end += 1
        if last == piece.start and found:
            start = found.pop()[0]
        found.append((start, end))
        last = piece.end
    return found
