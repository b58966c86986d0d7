"""One decision on many submissions: what will happen is shown first, what happened and what didn't afterwards."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.kit.errors import BadRequest
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.screening import prepared, undoing
from app.screening.deciding import Decided, decide_all
from app.screening.lifecycle import Pointer, UnsuitableClass
from app.screening.reasons import filled
from app.submissions import queries as submissions
from app.submissions.lifecycle import LIFECYCLE, SubmissionState
from app.submissions.models import Submission
from app.submissions.restricted import title_for_lists
from app.web.errors import refusal_words
from app.web.i18n import gettext as _
from app.web.staff.access import OwnForm, allowed
from app.web.staff.case.decision import PreparedView
from app.web.staff.decision_form import EVENTS, LetterWaits, Way, decision_of
from app.web.staff.desk import ways
from app.web.staff.desk.place import Place, place_of
from app.web.staff.fields import number_of
from app.web.templating import address, page

PATH = "/staff/queue/together"
MOST = 100
"""So many of one page of a list can be chosen."""
Chosen = Sequence[tuple[uuid.UUID, int]]
Screens = Annotated[Actor, allowed(Permission.SCREEN)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class ItemView:
    """`why_not`: what stands against the decision; empty when nothing is known to."""

    id: uuid.UUID
    title: str
    why_not: str
    url: str


@router.get(PATH, name="staff_together")
def confirm(request: Request, actor: Screens, session: ReadSession, way: Way, place: str = "") -> Response:
    """Changes nothing: the count, what will happen to which, and what can't and why."""
    chosen = _read(request.query_params.getlist("chosen"))
    if way in ways.ONE_BY_ONE:
        raise BadRequest("bad_form")
    there = _place(place)
    found = list(_found(session, chosen))
    items = [_item(request, there, way, one, seen) for one, seen in found]
    offered = _prepared(session, way, [one for one, _seen in found])
    context = {
        "way": way,
        "decision_words": ways.words(way),
        "ready": [item for item in items if not item.why_not],
        "refused": [item for item in items if item.why_not],
        "chosen": _written(chosen),
        "unsuitable_classes": list(UnsuitableClass),
        "pointers": list(Pointer),
        "prepared": offered,
        "fills_in": any("{" in one.text for one in offered),
        "place_words": there.words(),
        "list_url": address(request, "queue", **there.values()),
    }
    return page(request, "staff/desk/confirm.html", context)


@router.post(PATH, name="staff_decide_together")
def decide(
    request: Request, waits: LetterWaits, sent: OwnForm, actor: Screens, session: WriteSession, now: Now
) -> Response:
    form = sent.form
    if form.get("way", "") not in {way.value for way in Way if way not in ways.ONE_BY_ONE}:
        raise BadRequest("bad_form")
    way = Way(form["way"])
    decided = decide_all(session, actor, now, _read(form.get("chosen", "").split()), decision_of(way, form, waits))
    return _tell(request, "staff_decided_together", decided, way=way.value, place=form.get("place", ""))


@router.get(PATH + "/decided", name="staff_decided_together")
def decided(request: Request, actor: Screens, session: ReadSession, way: Way, place: str = "") -> Response:
    """What was decided and what was refused, as the address says: it changes nothing and gives nothing away."""
    there = _place(place)
    stand = LIFECYCLE.after(SubmissionState.RECEIVED, EVENTS[way])
    undoable = [(one.id, one.revision) for one in _asked_for(request, session, "done") if one.state is stand]
    context = {
        "decision_words": ways.words(way),
        **_outcome(request, session, there),
        "undoable": _written(undoable),
        "number_undoable": len(undoable),
        "way": way,
        "place_words": there.words(),
        "list_url": address(request, "queue", **there.values()),
    }
    return page(request, "staff/desk/decided.html", context)


@router.post(PATH + "/undo", name="staff_undo_together")
def undo(request: Request, sent: OwnForm, actor: Screens, session: WriteSession, now: Now) -> Response:
    undone = undoing.undo_all(session, actor, now, _read(sent.form.get("chosen", "").split()))
    return _tell(request, "staff_undone_together", undone, place=sent.form.get("place", ""))


@router.get(PATH + "/undone", name="staff_undone_together")
def undone(request: Request, actor: Screens, session: ReadSession, place: str = "") -> Response:
    """What waits again and what stayed decided, as the address says."""
    there = _place(place)
    context = {**_outcome(request, session, there), "list_url": address(request, "queue", **there.values())}
    return page(request, "staff/desk/undone.html", context)


def _tell(request: Request, name: str, decided: Decided, **values: str) -> Response:
    told = {
        **values,
        "done": [str(id) for id in decided.done],
        "refused": [f"{id}:{code}" for id, code in decided.refused],
    }
    return RedirectResponse(address(request, name, **told), status_code=303)


def _outcome(request: Request, session: Session, there: Place) -> dict[str, object]:
    refusals = dict(word.partition(":")[::2] for word in request.query_params.getlist("refused")[:MOST])
    found = [*_asked_for(request, session, "done"), *submissions.many(session, map(_id, refusals))]
    items = [_told(request, there, one, refusals.get(str(one.id), "")) for one in found]
    return {
        "done": [item for item in items if not item.why_not],
        "refused": [item for item in items if item.why_not],
    }


def _asked_for(request: Request, session: Session, name: str) -> Sequence[Submission]:
    return submissions.many(session, [_id(word) for word in request.query_params.getlist(name)[:MOST]])


def _prepared(session: Session, way: Way, chosen: Sequence[Submission]) -> list[PreparedView]:
    """The column's, and the consultation's own where all are of one; for a single submission as it would read."""
    of = {one.consultation_id for one in chosen}
    choices = prepared.choices(session, of.pop() if len(of) == 1 else None).get(EVENTS[way], ())
    facts = prepared.facts_of(session, chosen[0]) if len(chosen) == 1 else None
    return [
        PreparedView(one.template_id, one.name, filled(one.text, facts) if facts else one.text, one.pointer)
        for one in choices
    ]


def _found(session: Session, chosen: Chosen) -> Iterable[tuple[Submission, int]]:
    revisions = dict(chosen)
    return ((one, revisions[one.id]) for one in submissions.many(session, revisions))


def _item(request: Request, place: Place, way: Way, submission: Submission, seen: int) -> ItemView:
    why_not = ""
    if submission.revision != seen:
        why_not = refusal_words("changed_meanwhile")
    elif not LIFECYCLE.allows(submission.state, EVENTS[way]):
        why_not = _("It has been decided already.")
    return ItemView(submission.id, title_for_lists(submission), why_not, _url(request, place, submission))


def _told(request: Request, place: Place, submission: Submission, code: str) -> ItemView:
    return ItemView(
        submission.id,
        title_for_lists(submission),
        refusal_words(code) if code else "",
        _url(request, place, submission),
    )


def _url(request: Request, place: Place, submission: Submission) -> str:
    return address(request, "queue", **place.values(item=submission.id))


def _place(words: str) -> Place:
    return place_of(dict(parse_qsl(words)))


def _read(words: Sequence[str]) -> Chosen:
    """`id:revision` each. Raises BadRequest for what isn't, for nothing and for too many."""
    if not words:
        raise BadRequest("nothing_chosen")
    if len(words) > MOST:
        raise BadRequest("bad_form")
    return [(_id(id), _revision(seen)) for id, _mark, seen in (word.partition(":") for word in words)]


def _revision(seen: str) -> int:
    revision = number_of(seen, -1)
    if revision < 0:
        raise BadRequest("bad_form")
    return revision


def _id(word: str) -> uuid.UUID:
    try:
        return uuid.UUID(word)
    except ValueError as error:
        raise BadRequest("bad_form") from error


def _written(chosen: Chosen) -> str:
    return " ".join(f"{id}:{seen}" for id, seen in chosen)
