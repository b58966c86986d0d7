"""What happens elsewhere while a department's developer reads: staff, other departments, the drafting one."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from app.assignments.models import Assignment, ProgressNote
from app.dispositions import actions
from app.dispositions.kinds import DispositionKind
from app.dispositions.lifecycle import DispositionState
from app.dispositions.models import Disposition
from app.documents.queries import clauses_of
from app.events.models import Event
from app.records import actions as records
from app.worker import events
from tests.support import journey, outcomes
from tests.support.journey import START, StoppedClock, World

DEPARTMENT, OTHERS = "health", ("market-regulation", "finance")
AT_LAST = timedelta(days=31)


class Column:
    """Everybody but the department whose program it is; `clock` is the service's."""

    def __init__(self, world: World) -> None:
        self.world, self.clock = world, StoppedClock(START + timedelta(hours=1))
        self.handed_over, self.begun_at = 0, START

    def hand_over(self, number: int) -> None:
        """So many suggestions more, a minute between them."""
        for _ in range(number):
            at = self.begun_at + timedelta(minutes=self.handed_over)
            journey.assignment(
                self.world, department=DEPARTMENT, clause=self.world.clauses[2], person=self.handed_over, at=at
            )
            self.handed_over += 1

    def hand_over_more(self) -> None:
        """Of the next consultation: a concluded one takes nothing any more."""
        self.begun_at = self.clock.at
        with self.world.database.writing() as session:
            following = journey.another_consultation(session, self.world.staff, slug="following", at=self.begun_at)
            clauses = clauses_of(session, following.version_id)
        self.world = replace(self.world, consultation=following, clauses=clauses)
        self.hand_over(2)
        self.clock.at += timedelta(hours=1)
        self.put_in_order()

    def put_in_order(self) -> None:
        events.put_in_order(self.world.database, self.clock)

    def return_one(self) -> None:
        """The drafting department wants the last answer changed."""
        with self.world.database.writing() as session:
            made = session.scalars(select(Disposition).order_by(Disposition.suggestion_id))
            one = next(row for row in made if row.kind is DispositionKind.ADOPTED)
            manager = self.world.staff.manager
            actions.return_answer(
                session, manager, self.clock.at, one.suggestion_id, one.revision, "请写明依据的条款。"
            )
        self.put_in_order()

    def conclude(self) -> None:
        """Others answer what was sent back and passed on; all is confirmed and released, and the window ends."""
        self._others_answer()
        with self.world.database.reading() as session:
            waiting = select(Disposition.suggestion_id).where(Disposition.state == DispositionState.ANSWERED)
            ids = list(session.scalars(waiting))
        outcomes.told(self.world, ids)
        self.clock.at = START + AT_LAST
        with self.world.database.writing() as session:
            records.conclude(session, self.world.staff.manager, self.clock.at, self.world.consultation.id, "感谢参与。")
        self.put_in_order()

    def _others_answer(self) -> None:
        with self.world.database.reading() as session:
            rows = {row.id: row for row in session.scalars(select(Assignment))}
        passed_on = next(row for row in rows.values() if row.department_id == OTHERS[1])
        (sent_back,) = [row for row in rows.values() if row.state == "sent_back"]
        outcomes.answered(self.world, sent_back.suggestion_id, lead=OTHERS[0])
        outcomes.answered_anew(self.world, passed_on.id, DispositionKind.NOTED, "留作参考。", OTHERS[1])

    def states(self) -> list[str]:
        """Those of the department's assignments, in the order of handing over."""
        query = select(Assignment.state).where(Assignment.department_id == DEPARTMENT)
        with self.world.database.reading() as session:
            return list(session.scalars(query.order_by(Assignment.assigned_at)))

    def notes(self) -> list[str]:
        with self.world.database.reading() as session:
            return list(session.scalars(select(ProgressNote.text)))

    def last_position(self) -> int | None:
        """Of the department's events."""
        query = select(func.max(Event.position)).where(Event.department_id == DEPARTMENT)
        with self.world.database.reading() as session:
            return session.scalar(query)
