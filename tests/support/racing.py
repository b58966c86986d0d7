"""Two people at once: threads that have both read before either writes, as far as the store lets them."""

from collections.abc import Callable, Sequence
from threading import Barrier, BrokenBarrierError, Thread, local
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.kit.database import Database

PATIENCE = 0.3
"""Seconds to wait for the others: a store that lets only one in at a time keeps them out meanwhile."""
Answer = TypeVar("Answer")


def at_once(acts: Sequence[Callable[[], Answer]]) -> list[Answer | Exception]:
    """What each act answered or raised, in order. Every thread stops before its first write until all are there."""
    meeting, mine = Barrier(len(acts)), local()
    answers: dict[int, Answer | Exception] = {}

    def meet(session: Session, *rest: Any) -> None:
        if not getattr(mine, "racing", False):
            return
        mine.racing = False
        try:
            meeting.wait(PATIENCE)
        except BrokenBarrierError:
            return

    def run(place: int) -> None:
        mine.racing = True
        try:
            answers[place] = acts[place]()
        except Exception as error:  # whatever it is, the test looks at it
            answers[place] = error

    event.listen(Session, "before_flush", meet)
    try:
        threads = [Thread(target=run, args=(place,)) for place in range(len(acts))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        event.remove(Session, "before_flush", meet)
    return [answers[place] for place in range(len(acts))]


def written_at_once(database: Database, acts: Sequence[Callable[[Session], Any]]) -> list[Exception | None]:
    """The errors of the acts, None for one that was committed; each has a unit of work of its own."""

    def unit(act: Callable[[Session], Any]) -> None:
        with database.writing() as session:
            act(session)

    return [
        error if isinstance(error, Exception) else None
        for error in at_once([lambda act=act: unit(act) for act in acts])
    ]
