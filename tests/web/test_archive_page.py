"""The page of the archive: ordered by a manager, confirmed by a publisher, held and let go."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.archives import queries
from app.permissions import Role
from app.records.models import Conclusion
from app.records.stages import ConclusionKind
from app.worker import exporting
from tests.support.app import press, serving, signed_in, words
from tests.support.exporting import clerk
from tests.support.journey import SLUG, START, StoppedClock, World

PAGE = f"/staff/consultations/{SLUG}/archive"


@pytest.fixture
def browser(sqlite_world: World, tmp_path: Path) -> Iterator[TestClient]:
    with serving(sqlite_world.database, StoppedClock(), var_dir=tmp_path) as client:
        yield client


def conclude(world: World) -> None:
    with world.database.writing() as session:
        session.add(
            Conclusion(
                consultation_id=world.consultation.id,
                kind=ConclusionKind.COMPLETED,
                note="",
                concluded_by=world.staff.manager.id,
                concluded_at=START,
            )
        )


def test_nothing_is_ordered_before_the_conclusion(browser: TestClient) -> None:
    shown = words(signed_in(browser, Role.MANAGER).get(PAGE).text)
    assert "征集工作办结后方可归档。" in shown
    assert "档号" not in shown


def test_a_package_is_ordered_written_confirmed_by_another_and_then_counts(
    browser: TestClient, sqlite_world: World, tmp_path: Path
) -> None:
    world = sqlite_world
    conclude(world)
    manager = signed_in(browser, Role.MANAGER)
    refused = press(manager, PAGE, PAGE, file_number="has a space", retention="permanent")
    assert refused.status_code == 422
    assert press(manager, PAGE, PAGE, file_number="WS·2026-30-001", retention="permanent").status_code == 303
    assert exporting.write_once(world.database, StoppedClock(), clerk(world, tmp_path))
    with world.database.reading() as session:
        (archive,) = queries.archives(session, world.consultation.id)
    shown = words(manager.get(PAGE).text)
    assert "保管期限 永久" in shown
    assert str(archive.sha256) in shown
    assert "确认接收" not in shown
    publisher = signed_in(browser, Role.PUBLISHER)
    assert str(archive.sha256) not in publisher.get(PAGE).text  # it has to come from the archive
    assert press(publisher, PAGE, "/confirm", sha256="0" * 64).status_code == 422
    assert press(publisher, PAGE, "/confirm", sha256=archive.sha256).status_code == 303
    assert "归档包已由档案部门接收。" in words(publisher.get(PAGE).text)


def test_a_hold_is_placed_and_lifted_with_a_reason(browser: TestClient) -> None:
    manager = signed_in(browser, Role.MANAGER)
    assert press(manager, PAGE, "/hold", reason="行政复议期间。").status_code == 303
    assert "正在保全：其中任何内容不得删除。" in words(manager.get(PAGE).text)
    assert press(manager, PAGE, "/lift", reason="复议已结。").status_code == 303
    shown = words(manager.get(PAGE).text)
    assert "正在保全" not in shown
    assert "复议已结。" in shown
