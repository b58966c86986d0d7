"""What the transparency log says of a receipt, in the words of the person who holds it.

The words stand in one table, because the page checks in the browser as well: its script says the same in the same case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.transparency.models import EntryKind
from app.transparency.queries import Standing
from app.transparency.receipt_files import Checked, CheckedEntry, Sealed
from app.web.i18n import N_
from app.web.i18n import gettext as _
from app.web.words import exact_instant

PARTS = {
    "number": N_("the receipt number"),
    "consultation": N_("the draft"),
    "received_at": N_("the instant of receipt"),
    "title": N_("the title"),
    "comment": N_("the text of the comment"),
    "clauses": N_("the clauses chosen"),
    "files": N_("the files"),
    "outcome": N_("the decision"),
    "class": N_("the reason of the decision"),
}
OUTCOMES = {
    "received": N_("To be read again"),
    "accepted": N_("Accepted"),
    "out_of_scope": N_("Not about this draft"),
    "duplicate": N_("Joined with one that says the same"),
    "unsuitable": N_("Can't be worked on as it is"),
    "referred": N_("Passed on to the responsible body"),
    "discarded": N_("Taken for sent by a program"),
    "withdrawn": N_("Withdrawn by its sender"),
}
WORDS = {
    "received": N_("Was it received?"),
    "unaltered": N_("Was it altered?"),
    "kept": N_("Was it left out?"),
    "signed": N_("It was received. Receipt {number} was signed by this service; the instant of receipt is {at}."),
    "signed_before": N_(
        "It was received. Receipt {number} was signed by this service with a key that it used before; the instant of "
        "receipt is {at}."
    ),
    "forged": N_("The signature isn't this service's, so that the file shows no receipt."),
    "other_key": N_("The file names another key than this service's: it comes from another installation or is forged."),
    "not_checked": N_(
        "This browser can't check the signature (Ed25519). The rest was checked. Please have the server check the "
        "file, or use the script named below."
    ),
    "same": N_("Not altered: every part in this file is what was signed on receipt."),
    "part": N_("Altered, or not what was signed on receipt: {part}."),
    "whole": N_("The file as a whole is not what was signed on receipt."),
    "waiting": N_(
        "Not sealed in the log yet; as a rule that takes about a minute. Please save the file from the receipt page "
        "again then."
    ),
    "stands": N_("It stands in the tamper-evident log, at leaf {place} of {size}; the log's head is of {at}."),
    "unsigned_head": N_("The signature under the log's head isn't this service's."),
    "broken": N_("The file doesn't prove that it stands in the log."),
    "decided": N_("Decision in the log: {outcome}; {at}."),
    "decided_waiting": N_("Decision, not sealed in the log yet: {outcome}; {at}."),
    "undecided": N_(
        "The file holds no decision yet. If you have been told of one, save the file from the receipt page again: the "
        "decision must stand in it."
    ),
    "unreadable": N_("This isn't a receipt file of this service, or it is damaged."),
    "too_large": N_("The file is too large to be a receipt file."),
    "beijing": N_("{at} (Beijing time)"),
    "done_here": N_("Checked in this browser. The file has not left your device."),
}


@dataclass(frozen=True)
class Line:
    """`tone`: good, wait or bad."""

    tone: str
    text: str


@dataclass(frozen=True)
class Answer:
    """One of the three questions, and all that is to be said to it."""

    question: str
    lines: tuple[Line, ...]


def _said(name: str) -> str:
    return _(WORDS[name])


def answers(checked: Checked, said: Mapping[str, object]) -> list[Answer]:
    """The three questions in order."""
    first = checked.entries[0]
    return [
        Answer(_said("received"), (_received(checked, first),)),
        Answer(_said("unaltered"), tuple(_unaltered(checked))),
        Answer(_said("kept"), tuple(_kept(checked, said))),
    ]


def all_words() -> dict[str, str]:
    """For the script, under the names that it knows them by."""
    parts = {f"part_{name}": _(words) for name, words in PARTS.items()}
    outcomes = {f"outcome_{name}": _(words) for name, words in OUTCOMES.items()}
    return {name: _(words) for name, words in WORDS.items()} | parts | outcomes


@dataclass(frozen=True)
class LogNote:
    """What a receipt's page says of the log: one line for the receipt and for each decision."""

    lines: tuple[Line, ...]
    has_file: bool


def log_note(standing: Sequence[Standing]) -> LogNote | None:
    """None for what was sent before the log began."""
    if not any(one.entry.kind is EntryKind.RECEIPT for one in standing):
        return None
    lines = tuple(_standing_line(one) for one in standing)
    return LogNote(lines, all(one.entry.salt is not None for one in standing if one.entry.kind is EntryKind.RECEIPT))


def _standing_line(one: Standing) -> Line:
    entry = one.entry
    if entry.kind is EntryKind.RECEIPT:
        if one.sealed_at is None:
            return Line("wait", _("The receipt is entered; as a rule it is sealed within about a minute."))
        return Line("good", _("The receipt stands in the log since %(when)s.") % {"when": exact_instant(one.sealed_at)})
    outcome = _outcome((entry.said or {}).get("outcome"))
    if one.sealed_at is None:
        return Line("wait", _("Decision “%(outcome)s”: entered, to be sealed.") % {"outcome": outcome})
    told = {"outcome": outcome, "when": exact_instant(one.sealed_at)}
    return Line("good", _("Decision “%(outcome)s”: stands in the log since %(when)s.") % told)


def _received(checked: Checked, first: CheckedEntry) -> Line:
    if not checked.is_ours:
        return Line("bad", _said("other_key"))
    if not checked.is_promised:
        return Line("bad", _said("forged"))
    told = {"number": first.fields.get("number"), "at": _at(first.fields.get("received_at"))}
    return Line("good", _said("signed_before" if checked.is_earlier else "signed").format(**told))


def _unaltered(checked: Checked) -> list[Line]:
    parts = [name for entry in checked.entries for name in entry.altered]
    lines = [Line("bad", _said("part").format(part=_(PARTS[name]) if name in PARTS else name)) for name in parts]
    if not all(entry.is_whole for entry in checked.entries):
        lines.append(Line("bad", _said("whole")))
    return lines or [Line("good", _said("same"))]


def _kept(checked: Checked, said: Mapping[str, object]) -> list[Line]:
    lines = [_place(checked.entries[0], said)]
    if checked.is_head_signed is False:
        lines.append(Line("bad", _said("unsigned_head")))
    decided = [_decided(entry) for entry in checked.entries[1:]]
    return [*lines, *(decided or [Line("wait", _said("undecided"))])]


def _place(first: CheckedEntry, said: Mapping[str, object]) -> Line:
    if first.sealed is Sealed.WAITING:
        return Line("wait", _said("waiting"))
    if first.sealed is Sealed.BROKEN or not first.is_whole:
        return Line("bad", _said("broken"))
    head, entries = said["head"], said["entries"]
    assert isinstance(head, dict)
    assert isinstance(entries, list)
    told = {"place": entries[0]["proof"]["place"] + 1, "size": head["size"], "at": _at(head["at"])}
    return Line("good", _said("stands").format(**told))


def _decided(entry: CheckedEntry) -> Line:
    told = {"outcome": _outcome(entry.fields.get("outcome")), "at": _at(entry.at)}
    if entry.sealed is Sealed.BROKEN or entry.altered or not entry.is_whole:
        return Line("bad", _said("broken"))
    waits = entry.sealed is Sealed.WAITING
    return Line("wait" if waits else "good", _said("decided_waiting" if waits else "decided").format(**told))


def _outcome(outcome: object) -> str:
    return _(OUTCOMES[str(outcome)]) if str(outcome) in OUTCOMES else str(outcome)


def _at(said: object) -> str:
    """An instant of a file as people read it; what isn't one as it stands."""
    try:
        return exact_instant(datetime.fromisoformat(str(said)))
    except ValueError:
        return str(said)
