"""The changes of a comparison as suggestions are linked to them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from app.documents.compared import ComparedRow
from app.documents.text_difference import Op

_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Change:
    """One row of a comparison that changed; `place` counts them from 1, in the comparison's order.

    `id` is made of the two labels, "" for a side that there is none of, and so the same as often as the comparison is
    worked out. `inserted` is what the later text has and the earlier one hasn't, a gap between pieces as a line break;
    `text` is the whole wording of the later clause, "" where it was removed.
    """

    id: str
    place: int
    row: ComparedRow
    draft_label: str
    final_label: str
    inserted: str
    text: str


def change_id(draft_label: str, final_label: str) -> str:
    """32 hexadecimal digits."""
    return blake2b(f"{draft_label}{_SEPARATOR}{final_label}".encode(), digest_size=16).hexdigest()


def changes_of(rows: Sequence[ComparedRow]) -> tuple[Change, ...]:
    """Every row of which a reader of the draft doesn't know the final text: renumbered ones are left out."""
    changed = [row for row in rows if row.changed]
    return tuple(_change(place, row) for place, row in enumerate(changed, 1))


def _change(place: int, row: ComparedRow) -> Change:
    draft, final = (row.draft.label if row.draft else ""), (row.final.label if row.final else "")
    inserted = "\n".join(piece.text for piece in row.pieces if piece.op is Op.INSERT and not piece.form_only)
    text = "".join(piece.text for piece in row.pieces if piece.op is not Op.DELETE)
    return Change(change_id(draft, final), place, row, draft, final, inserted, text if row.final else "")
