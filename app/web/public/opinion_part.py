"""What the sender says: a title, an opinion on the whole, and an opinion on each of the chosen clauses."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from app.kit.forms import Form
from app.submissions import composing
from app.submissions.composing import ClauseWords
from app.submissions.fields import COMMENT_LIMIT, TITLE_LIMIT, accepted_words
from app.web.i18n import gettext as _
from app.web.public import field_words
from app.web.public.attempt import Attempt, Block
from app.web.public.views import ClauseView, clause_name

MOST_CLAUSES = 30
BEGUN_LIMIT = 8_000
"""Code points of clauses that a form offers to change: with what a person may write, its answer stays below 256 KB."""
SHORT = 120
"""Code points of a clause that is shown without unfolding it."""


@dataclass(frozen=True)
class Limits:
    """Most code points; the comment's are those of everything together."""

    title: int = TITLE_LIMIT
    comment: int = COMMENT_LIMIT
    short: int = SHORT


def choose(attempt: Attempt, labels: Collection[str], clauses: Sequence[ClauseView]) -> None:
    """Empty blocks for the named clauses in the draft's order; unknown labels are passed over.

    More than MOST_CLAUSES are a problem, and the first ones are kept.
    """
    blocks = [Block(clause) for clause in clauses if clause.label in labels]
    if len(blocks) > MOST_CLAUSES:
        attempt.problems["clause"] = _(field_words.CLAUSES_TOO_MANY) % {"limit": MOST_CLAUSES}
    attempt.blocks = blocks[:MOST_CLAUSES]


def judge(form: Form, attempt: Attempt, clauses: Sequence[ClauseView], removed: str = "") -> None:
    """Reads what was said; `attempt.composed` is set where it is right. `removed` is the anchor of a dropped block.

    A clause that the text under comment doesn't have is a problem and isn't kept.
    """
    labels = {label for label in form.all("clause") if label}
    unknown = sorted(labels - {clause.label for clause in clauses})
    if unknown:
        attempt.problems["clause"] = _(field_words.CLAUSE_UNKNOWN) % {"label": unknown[0][:40]}
    chosen = [clause for clause in clauses if clause.label in labels and clause.anchor != removed]
    if len(chosen) > MOST_CLAUSES:
        attempt.problems["clause"] = _(field_words.CLAUSES_TOO_MANY) % {"limit": MOST_CLAUSES}
        chosen = [clause for clause in chosen if Block(clause).text_field in form][:MOST_CLAUSES]
    attempt.blocks = [_block(form, clause) for clause in chosen]
    _compose(attempt, accepted_words(form.get("comment", "")))


def blocks_of(form: Form, clauses: Sequence[ClauseView]) -> list[Block]:
    """The clauses that something was said about, as it was entered."""
    blocks = [_block(form, clause) for clause in clauses]
    return [block for block in blocks if block.text or block.wording]


def with_all_said(form: Form, attempt: Attempt) -> Form:
    """The form as the other fields are checked: what is said about clauses alone is a comment too."""
    said = attempt.composed.comment[:COMMENT_LIMIT] if attempt.composed else ""
    return Form({name: form.all(name) for name in form} | {"comment": [said]})


def prepare(attempt: Attempt) -> None:
    """Offers each clause's own words for changing, as long as the form doesn't grow too large."""
    left, ready = BEGUN_LIMIT, list[Block]()
    for block in attempt.blocks:
        fits = len(block.clause.text) <= left
        begun = block.wording or (block.clause.text if fits else "")
        left -= 0 if block.proposed else len(begun)
        ready.append(replace(block, begun=begun))
    attempt.blocks = ready


def mark_added(attempt: Attempt, form: Form) -> bool:
    """The blocks that the form had no fields for were chosen just now; whether there are any."""
    attempt.blocks = [replace(block, added=block.text_field not in form) for block in attempt.blocks]
    return any(block.added for block in attempt.blocks)


def _block(form: Form, clause: ClauseView) -> Block:
    block = Block(clause)
    text, wording = form.get(block.text_field, ""), form.get(block.wording_field, "")
    proposed = accepted_words(wording)
    if proposed == accepted_words(clause.text):
        proposed = wording = ""
    return Block(clause, text, wording, accepted_words(text), proposed)


def _compose(attempt: Attempt, general: str) -> None:
    parts = [
        ClauseWords(block.clause.id, clause_name(block.clause.number, block.clause.heading), block.said, block.proposed)
        for block in attempt.blocks
    ]
    given = composing.length(general, parts)
    if not given:
        attempt.problems["comment"] = _(field_words.NOTHING_SAID) if parts else _(field_words.COMMENT_MISSING)
    elif given > COMMENT_LIMIT:
        words = field_words.TOO_MUCH_SAID if given > len(general) else field_words.COMMENT_TOO_LONG
        attempt.problems["comment"] = _(words) % {"given": given, "limit": COMMENT_LIMIT}
    else:
        attempt.composed = composing.compose(general, parts)
