"""Who wrote is carried from one side to the other, and stands readable nowhere between them or on either."""

from sqlalchemy import select

from app.rights import asking
from app.rights.lifecycle import RequestKind
from app.rights.sealing import Contact
from app.submissions.models import Submission, SubmitterIdentity
from app.submissions.submitter import Identity
from tests.support.bundling import Sides
from tests.support.canary import Canaries
from tests.support.dump import dump, values
from tests.support.journey import OPERATOR, START, id_number, submit

WHO = Identity("金丝雀测试", id_number(2019), "13986420975", "Canary.Nineteen@example.com")
CANARIES = Canaries([WHO.name, WHO.phone, *filter(None, (WHO.id_number, WHO.email))])


def test_who_wrote_stands_in_no_file_that_is_carried_and_readable_in_neither_store(sides: Sides) -> None:
    sides.goes_out()
    submit(sides.outside, who=WHO)
    with sides.outer.database.writing() as session:
        row, letters = session.scalars(select(Submission)).one(), sides.outer.keepers.letters
        contact = Contact(WHO.name, WHO.phone, WHO.email)
        asking.ask(session, OPERATOR, START, letters, row, RequestKind.CORRECT, f"我叫{WHO.name}。", contact)
    assert [one.records > 0 for one in sides.goes_in()] == [True]
    sides.goes_out()
    with sides.inner.database.reading() as session:
        [sealed] = session.scalars(select(SubmitterIdentity)).all()
        assert sides.inner.keepers.vault.open(sealed) == WHO
    carried = [path for path in sides.between.parent.rglob("*") if path.is_file()]
    assert any(path.parent == sides.between for path in carried)
    assert [path.name for path in carried if CANARIES.found(path.read_bytes())] == []
    for house in (sides.inner, sides.outer):
        assert [place for place, value in values(dump(house.database)) if CANARIES.found(value)] == []
