"""An organisation that was entered without its code is counted as what it is: one that can't be told apart."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from sqlalchemy import select

from app.reporting import counting
from app.screening import editing
from app.screening.models import Suggestion
from app.screening.passages import sentences
from app.submissions.intake import NewSubmission, Origin
from app.submissions.lifecycle import Channel, SubmissionState
from app.submissions.models import Submission
from app.submissions.organisation import OrganisationType, SubmitterKind
from app.submissions.vault import Organisation
from tests.support import journey
from tests.support.journey import COMMENT, START, World
from tests.support.numbers import credit_code

CODE = credit_code("91210100MA0000001")


def entered(world: World, code: str, missing: Sequence[str]) -> str:
    """The number of a letter of an organisation."""
    identity = replace(journey.identity(1), id_number=None, organisation=Organisation("测试助餐服务有限公司", code))
    new = NewSubmission(
        token=uuid4().hex,
        consultation_id=world.consultation.id,
        version_id=world.consultation.version_id,
        channel=Channel.LETTER,
        received_at=START,
        title="关于助餐",
        comment=COMMENT,
        occupation="",
        clauses=[],
        identity=identity,
        display=False,
        keep=(),
        challenge=None,
        request_id=None,
        submitter_kind=SubmitterKind.ORGANISATION,
        organisation_type=OrganisationType.ENTERPRISE,
        origin=Origin(world.staff.screener, START, missing),
    )
    return world.intake.store(new).number


def test_without_a_code_it_counts_among_those_without_a_number(world: World) -> None:
    for code, missing in ((CODE, ["email"]), (CODE, []), ("", ["credit_code", "email"]), ("", ["credit_code"])):
        entered(world, code, missing)
    journey.submit(world, person=5)
    with world.database.reading() as session:
        found = counting.totals(session, world.consultation.id)
    assert (found.submissions, found.persons, found.organisations, found.unnumbered) == (5, 1, 1, 2)


def test_a_suggestion_says_so_too(world: World) -> None:
    numbers = [entered(world, CODE, []), entered(world, "", ["credit_code"])]
    with world.database.writing() as session:
        rows = session.scalars(select(Submission).where(Submission.receipt_number.in_(numbers))).all()
        for row in rows:
            row.state = SubmissionState.ACCEPTED
        first, second = (row.id for row in rows)
    with world.database.writing() as session:
        wording = editing.Wording("周末开放。", "", None)
        spans = sentences(COMMENT)
        made = editing.gather(session, world.staff.editor, START, first, spans, wording).id
        editing.gather_into(session, world.staff.editor, START, second, spans, made)
    with world.database.reading() as session:
        row = session.get_one(Suggestion, made)
        assert (row.distinct_persons, row.persons_without_number) == (2, 1)
