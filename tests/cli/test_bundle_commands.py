"""The commands by which an operator carries files between two networks."""

from base64 import b64encode
from pathlib import Path

import pytest

from app.bundles.sides import Own, Peer
from app.config import Environment, Network, Settings, Side
from app.submissions.intake import DirectIntake
from tests.cli.conftest import Yanlu
from tests.support.journey import World, submit

PEER = Own.of(b"p" * 32).public


@pytest.fixture
def outside(sqlite_world: World, var_dir: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The settings are those of an outer side, whose store a consultation has come to."""
    for name, value in {
        "ENVIRONMENT": "test",
        "NETWORK": "outer",
        "BUNDLE_PEER": PEER.text,
        "DATABASE_URL": sqlite_world.database.engine.url.render_as_string(hide_password=False),
        "SECRET_KEY": "r" * 32,
        "DATA_KEYS": f"test:{b64encode(b's' * 32).decode()}",
        "INDEX_KEY": "i" * 32,
    }.items():
        monkeypatch.setenv(f"YANLU_{name}", value)
    assert isinstance(sqlite_world.intake, DirectIntake)
    return sqlite_world


def test_what_is_new_is_written_once_and_told_in_the_status(outside: World, yanlu: Yanlu, tmp_path: Path) -> None:
    submit(outside)
    assert yanlu("bundle", "status").out.strip() == ""
    made = yanlu("bundle", "export", "--to", str(tmp_path)).out.strip()
    assert Path(made).name == "yanlu-inward-000001.bundle"
    assert yanlu("bundle", "export", "--to", str(tmp_path)).out.strip() == "nothing new"
    assert "inward 1" in (told := yanlu("bundle", "status").out)
    assert "not acknowledged" in told
    assert yanlu("bundle", "forget", "--days", "0").out.strip() == "nothing to forget"
    # This side's own file isn't for itself.
    refused = yanlu("bundle", "import", made)
    assert refused.code == 1
    assert "signed by another side" in refused.err


def test_the_keys_that_are_printed_are_those_that_the_other_side_takes(outside: World, yanlu: Yanlu) -> None:
    printed = yanlu("bundle", "keys").out
    assert Peer.read(printed) == Own.of(b"r" * 32).public


def test_an_installation_that_stands_alone_has_nobody_to_carry_to(
    outside: World, yanlu: Yanlu, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("YANLU_NETWORK", "whole")
    refused = yanlu("bundle", "export", "--to", str(tmp_path))
    assert (refused.code, "YANLU_NETWORK is whole" in refused.err) == (2, True)


def test_outside_nothing_is_decided(outside: World, yanlu: Yanlu) -> None:
    refused = yanlu("consultations", "list")
    assert (refused.code, "for the inner side" in refused.err) == (2, True)


@pytest.mark.parametrize(
    ("network", "sides"), [(Network.OUTER, [Side.PUBLIC]), (Network.INNER, [Side.STAFF, Side.API])]
)
def test_each_side_serves_its_own_pages_and_no_others(network: Network, sides: list[Side]) -> None:
    assert Settings(environment=Environment.TEST, network=network).sides == sides
    with pytest.raises(ValueError, match="YANLU_SIDES may name"):
        Settings(environment=Environment.TEST, network=network, sides=list(Side))
