"""What a page shows of two versions side by side; the desk and the public see the same."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.documents.compared import ComparedRow, Counts, Side, count
from app.documents.comparison import Relation
from app.documents.text_difference import Op, Piece

CHANGED_ONLY = "changed"


@dataclass(frozen=True)
class RowView:
    """One clause. `anchor` names its place on the page.

    `pieces` are for one column, where what differs in printed form alone is the later version's; `left` and `right` are
    for two. Where only sentences of a clause live on in another one,
    `passage` is its own text and `host` where they are; `host_anchor` is that clause's own place.
    """

    anchor: str
    row: ComparedRow
    called: Side
    pieces: Sequence[Piece]
    left: Sequence[Piece]
    right: Sequence[Piece]
    passage: str | None
    host: Side | None
    host_anchor: str | None


@dataclass(frozen=True)
class ChangesView:
    """`rows` are those that the reader asked to see, `hidden` how many are not shown."""

    counts: Counts
    rows: Sequence[RowView]
    changed_only: bool
    hidden: int


def changes_view(rows: Sequence[ComparedRow], show: str) -> ChangesView:
    """`show` is what the address asks for."""
    views = _views(rows)
    changed_only = show == CHANGED_ONLY
    shown = [view for view in views if view.row.changed] if changed_only else views
    return ChangesView(count(rows), shown, changed_only, len(views) - len(shown))


def _views(rows: Sequence[ComparedRow]) -> list[RowView]:
    paired = [row if row.heading_changed is not None else None for row in rows]
    by_draft = {row.draft.label: f"change-{place}" for place, row in enumerate(paired, 1) if row and row.draft}
    by_final = {row.final.label: f"change-{place}" for place, row in enumerate(paired, 1) if row and row.final}
    return [_view(f"change-{place}", row, by_draft, by_final) for place, row in enumerate(rows, 1)]


def _view(anchor: str, row: ComparedRow, by_draft: dict[str, str], by_final: dict[str, str]) -> RowView:
    called = row.final or row.draft
    assert called is not None, "a row has at least one side"
    passage = host = host_anchor = None
    if row.heading_changed is None and row.draft and row.final:
        merged = row.relation is Relation.MERGED
        called, host = (row.draft, row.final) if merged else (row.final, row.draft)
        host_anchor = (by_final if merged else by_draft).get(host.label)
        passage = "".join(piece.text for piece in row.pieces if piece.op is not (Op.INSERT if merged else Op.DELETE))
    whole = _without_heading(row.pieces, called.heading) if row.heading_changed is False else row.pieces
    return RowView(
        anchor=anchor,
        row=row,
        called=called,
        pieces=[piece for piece in whole if not (piece.form_only and piece.op is Op.DELETE)],
        left=[piece for piece in whole if piece.op is not Op.INSERT],
        right=[piece for piece in whole if piece.op is not Op.DELETE],
        passage=passage,
        host=host,
        host_anchor=host_anchor,
    )


def _without_heading(pieces: Sequence[Piece], heading: str) -> Sequence[Piece]:
    """The page prints the heading above the text, which often begins with it."""
    if not (heading and pieces and pieces[0].op is Op.EQUAL and pieces[0].text.startswith(heading)):
        return pieces
    rest = pieces[0].text.removeprefix(heading).lstrip("。：:. \n")
    return [replace(pieces[0], text=rest), *pieces[1:]]
