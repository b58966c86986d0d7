"""Keys of an installation: production brings its own, everything else makes some once and keeps them to itself."""

import base64
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from app.config import (
    DEMONSTRATION_MARK,
    ConfigurationError,
    Environment,
    Secrets,
    Settings,
    load_secrets,
    load_settings,
)

KEY_A, KEY_B = bytes(range(32)), bytes(range(32, 64))
A, B = (base64.b64encode(key).decode() for key in (KEY_A, KEY_B))
OWN: dict[str, Any] = {"secret_key": "s" * 32, "data_keys": f"2026-a:{A}", "index_key": "i" * 32}


def _settings(**given: Any) -> Settings:
    return Settings(environment=Environment.PRODUCTION, **{**OWN, **given})


def _refusal(settings: Settings) -> str:
    with pytest.raises(ConfigurationError) as refused:
        load_secrets(settings)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_production_uses_what_it_is_given() -> None:
    secrets = load_secrets(_settings())
    assert secrets == Secrets(signing=b"s" * 32, sealing={"2026-a": KEY_A}, sealing_id="2026-a", index=b"i" * 32)


def test_the_index_is_made_with_sm3_only_where_openssl_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [load_secrets(_settings(**given)).index_hash for given in ({}, {"index_hash": "sm3"})] == ["sha256", "sm3"]
    monkeypatch.setattr("hashlib.algorithms_available", {"sha256"})
    assert load_secrets(_settings()).index_hash == "sha256"
    assert _refusal(_settings(index_hash="sm3")) == "YANLU_INDEX_HASH is sm3, which this OpenSSL doesn't have"


@pytest.mark.parametrize("name", list(OWN))
def test_production_refuses_to_start_without_a_key(name: str, tmp_path: Path) -> None:
    settings = Settings(environment=Environment.PRODUCTION, var_dir=tmp_path, **{**OWN, name: ""})
    assert f"YANLU_{name.upper()} is missing" in _refusal(settings)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", list(OWN))
def test_production_refuses_a_demonstration_key(name: str, tmp_path: Path) -> None:
    load_secrets(Settings(environment=Environment.DEMONSTRATION, var_dir=tmp_path))
    made = json.loads((tmp_path / "demonstration-secrets.json").read_text())
    line = _refusal(_settings(**{name: made[name]}))
    assert f"YANLU_{name.upper()} is a demonstration secret" in line
    assert made[name] not in line


@pytest.mark.parametrize("name", ["secret_key", "index_key"])
def test_a_short_key_is_refused_and_one_of_32_bytes_taken(name: str) -> None:
    line = _refusal(_settings(**{name: "x" * 31}))
    assert f"YANLU_{name.upper()} is shorter than 32 bytes" in line
    assert "xxx" not in line
    assert load_secrets(_settings(**{name: "意" * 11})).sealing_id == "2026-a"


def test_the_first_data_key_seals_and_the_others_still_open() -> None:
    secrets = load_secrets(_settings(data_keys=f"2026-b:{B}, 2026-a:{A}"))
    assert secrets.sealing_id == "2026-b"
    assert secrets.sealing == {"2026-b": KEY_B, "2026-a": KEY_A}


@pytest.mark.parametrize(
    "data_keys",
    [
        A,
        f":{A}",
        "a:",
        "a:not base64",
        f"a:{A[:-4]}",
        f"a:{A}AAAA",
        f"a:{A[:10]}!{A[11:]}",
        f"a:{A},a:{B}",
        f"a:{A},b",
        f"{'k' * 33}:{A}",
        ",",
        "意见",
    ],
)
def test_data_keys_that_can_not_be_read_are_refused_without_being_shown(data_keys: str) -> None:
    line = _refusal(_settings(data_keys=data_keys))
    assert "YANLU_DATA_KEYS must be like id:base64-of-32-bytes" in line
    assert A not in line


def test_keys_come_from_files_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in OWN.items():
        (tmp_path / f"yanlu_{name}").write_text(value + "\n")
    monkeypatch.setenv("YANLU_SECRETS_DIR", str(tmp_path))
    assert load_secrets(load_settings()) == load_secrets(_settings())


def _demonstration(folder: Path, **given: Any) -> Secrets:
    return load_secrets(Settings(environment=Environment.DEMONSTRATION, var_dir=folder, **given))


def test_a_demonstration_makes_its_keys_once_for_this_user_alone(tmp_path: Path) -> None:
    made = _demonstration(tmp_path / "var")
    assert _demonstration(tmp_path / "var") == made
    assert _demonstration(tmp_path / "other") != made
    (file,) = (tmp_path / "var").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert all(value.startswith(DEMONSTRATION_MARK) for value in json.loads(file.read_text()).values())


def test_processes_that_start_at_one_moment_get_the_same_keys(tmp_path: Path) -> None:
    for round_number in range(20):
        folder = tmp_path / str(round_number)
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(_demonstration, [folder] * 8))
        assert made == [made[0]] * 8
        assert len(list(folder.iterdir())) == 1


def test_the_mode_does_not_depend_on_the_users_mask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        _demonstration(tmp_path)
    finally:
        os.umask(before)
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_demonstration_may_bring_some_keys_of_its_own(tmp_path: Path) -> None:
    made = _demonstration(tmp_path, secret_key="s" * 32)
    assert made.signing == b"s" * 32
    assert made.index == _demonstration(tmp_path).index


def test_keys_shown_tell_nothing_but_the_name_of_the_one_that_seals() -> None:
    assert repr(load_secrets(_settings())) == "Secrets(sealing_id='2026-a')"
