"""With another key or hash of the index the service doesn't start, until somebody says that it is meant."""

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.cli import serving
from tests.cli.conftest import Yanlu
from tests.support import journey
from tests.support.journey import World

KEY, OTHER = "i" * 32, "j" * 32


@pytest.fixture
def begun(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was started, in a store in which somebody has written; each ends at once."""
    started: list[str] = []
    monkeypatch.setattr("uvicorn.run", lambda *_, **__: started.append("serve"))
    monkeypatch.setattr(serving.pkgutil, "resolve_name", lambda _: lambda *__: started.append("worker"))
    monkeypatch.setattr(serving.signal, "signal", lambda *_: None)
    monkeypatch.setattr("app.kit.observing.configure_logging", lambda: None)
    monkeypatch.setenv("YANLU_ENVIRONMENT", "test")
    monkeypatch.setenv("YANLU_DATABASE_URL", world.database.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("YANLU_INDEX_KEY", KEY)
    journey.submit(world)
    return started


def test_another_key_or_hash_is_refused_and_the_former_one_taken(
    yanlu: Yanlu, begun: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert yanlu("serve", "--port", "8").code == 0
    for name, value, former in (("YANLU_INDEX_KEY", OTHER, KEY), ("YANLU_INDEX_HASH", "sm3", "sha256")):
        monkeypatch.setenv(name, value)
        for command in ("serve", "worker"):
            refused = yanlu(command)
            assert refused.code != 0
            assert "YANLU_INDEX_KEY or YANLU_INDEX_HASH is not what this store's people are counted by" in refused.err
        assert "fail  index key" in yanlu("doctor").out
        monkeypatch.setenv(name, former)
    assert yanlu("worker").code == 0
    assert begun == ["serve", "worker"]
    assert "index key" not in yanlu("doctor").out


def test_going_on_with_another_one_has_to_be_said_and_is_on_record(
    yanlu: Yanlu, world: World, begun: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert yanlu("worker").code == 0
    monkeypatch.setenv("YANLU_INDEX_KEY", OTHER)
    asked = yanlu("keys", "renew-index")
    assert (asked.code, "if that is meant: --yes" in asked.err) == (1, True)
    assert yanlu("worker").code != 0
    assert "goes on under the present key" in yanlu("keys", "renew-index", "--yes").out
    assert "are the store's own" in yanlu("keys", "renew-index", "--yes").out
    assert yanlu("worker").code == 0
    assert begun == ["worker", "worker"]
    with world.database.reading() as session:
        said = session.scalars(select(AuditEntry).where(AuditEntry.action == "person_index.renewed")).all()
    assert [(entry.record_kind, entry.record_id) for entry in said] == [("store", "person_index")]
