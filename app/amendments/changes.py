"""The changes of a comparison as suggestions are linked to them. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

from app.documents.compared import ComparedRow
from app.documents.text_difference import Op
from app.kit.text import comparable

_SEPARATOR = "\x1f"
_NOTE = re.compile(r"（?(?:责任|牵头|主责|配合|参加|参与|协办|主办|落实)(?:单位|部门)：")


@dataclass(frozen=True)
class Marked:
    """The later clause's own words without white space and unit note, in lower case; `new` says of each character
    whether it was put in."""

    body: str
    new: tuple[bool, ...]


@dataclass(frozen=True)
class Change:
    """One row of a comparison that changed; `place` counts them from 1, in the comparison's order.

    `id` is made of the two labels, "" for a side that there is none of, and so the same as often as the comparison is
    worked out. `text` is the whole wording of the later clause, "" where it was removed.
    """

    id: str
    place: int
    row: ComparedRow
    draft_label: str
    final_label: str
    text: str

    @property
    def heading(self) -> str:
        """The later clause's, or the earlier one's where it was removed."""
        called = self.row.final or self.row.draft
        return called.heading if called else ""

    @cached_property
    def marked(self) -> Marked:
        """Where only sentences of a clause went into another one, nothing counts as put in: that is the other's own
        row."""
        own = self.row.draft is None or self.row.heading_changed is not None
        letters, new = list[str](), list[bool]()
        for piece in self.row.pieces:
            if piece.op is not Op.DELETE and self.row.final is not None:
                folded = comparable(piece.text).lower()
                letters.append(folded)
                new += [own and piece.op is Op.INSERT and not piece.form_only] * len(folded)
        body = "".join(letters)
        note = _NOTE.search(body)
        end = note.start() if note else len(body)
        return Marked(body[:end], tuple(new[:end]))


def change_id(draft_label: str, final_label: str) -> str:
    """32 hexadecimal digits."""
    return blake2b(f"{draft_label}{_SEPARATOR}{final_label}".encode(), digest_size=16).hexdigest()


def changes_of(rows: Sequence[ComparedRow]) -> tuple[Change, ...]:
    """Every row of which a reader of the draft doesn't know the final text: renumbered ones are left out."""
    changed = [row for row in rows if row.changed]
    return tuple(_change(place, row) for place, row in enumerate(changed, 1))


def _change(place: int, row: ComparedRow) -> Change:
    draft, final = (row.draft.label if row.draft else ""), (row.final.label if row.final else "")
    text = "".join(piece.text for piece in row.pieces if piece.op is not Op.DELETE)
    return Change(change_id(draft, final), place, row, draft, final, text if row.final else "")
