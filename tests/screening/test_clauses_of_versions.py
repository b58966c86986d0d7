"""A suggestion is about a clause of a version that one of its senders had before them."""

import uuid

import pytest
from sqlalchemy import select

from app.consultations.models import Consultation
from app.departments import queries as departments
from app.documents import versions
from app.documents.actions import add_version, store_version
from app.documents.extraction import extract
from app.documents.models import Clause
from app.kit.errors import Unprocessable
from app.screening import editing, queries
from app.screening.editing import Wording
from app.screening.models import Suggestion
from app.screening.passages import sentences
from tests.support.journey import COMMENT, DRAFT, START, World, accepted_submission


def replaced(world: World) -> uuid.UUID:
    """The id of a second version, which is out for comment from now on."""
    with world.database.writing() as session:
        document = versions.version(session, world.consultation.version_id).document_id
        found = extract(DRAFT, departments.directory(session))
        second = add_version(session, world.staff.manager, START, document, "second", DRAFT, found)
        session.get_one(Consultation, world.consultation.id).version_id = second.id
    world.consultation.version_id = second.id
    return second.id


def clause_of(world: World, version_id: uuid.UUID) -> uuid.UUID:
    with world.database.reading() as session:
        query = select(Clause.id).where(Clause.version_id == version_id, Clause.label == "一/（一）")
        return session.scalars(query).one()


def edit(world: World, suggestion_id: uuid.UUID, clause_id: uuid.UUID) -> None:
    with world.database.writing() as session:
        revision = session.get_one(Suggestion, suggestion_id).revision
        wording = Wording("周末照常开放。", "助餐服务", clause_id)
        editing.edit(session, world.staff.editor, START, suggestion_id, revision, wording)


def test_it_may_name_a_clause_of_each_of_its_senders_versions_and_of_no_other(world: World) -> None:
    first = world.consultation.version_id
    early, editor, spans = accepted_submission(world), world.staff.editor, sentences(COMMENT)
    with world.database.writing() as session:
        wording = Wording("周末也开放。", "助餐服务", clause_of(world, first))
        suggestion_id = editing.gather(session, editor, START, early, spans, wording).id
    second = replaced(world)
    with pytest.raises(Unprocessable):
        edit(world, suggestion_id, clause_of(world, second))
    late = accepted_submission(world, person=1)
    with world.database.writing() as session:
        editing.gather_into(session, editor, START, late, spans, suggestion_id)
    with world.database.reading() as session:
        assert queries.versions_of_sources(session, suggestion_id) == {first, second}
    for version_id in (second, first):
        edit(world, suggestion_id, clause_of(world, version_id))


def test_a_clause_of_another_document_is_refused(world: World) -> None:
    with world.database.writing() as session:
        found = extract(DRAFT, departments.directory(session))
        other = store_version(session, world.staff.manager, START, "other", DRAFT, found).id
    submission_id, wording = accepted_submission(world), Wording("周末也开放。", "", clause_of(world, other))
    with pytest.raises(Unprocessable), world.database.writing() as session:
        editing.gather(session, world.staff.editor, START, submission_id, sentences(COMMENT), wording)
