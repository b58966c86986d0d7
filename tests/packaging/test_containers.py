"""The images can't be built where the tests run; what their files name is held to what is there."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import text

from app.config import PREFIX, Settings
from app.kit.database import Database
from app.walls import standing as walls
from tests.support import postgres
from tests.support.parts import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OWN = {name: service for name, service in SERVICES.items() if service.get("image") == "yanlu"}
SETTINGS = {PREFIX + name.upper() for name in Settings.model_fields}


def _instructions(name: str) -> Iterator[str]:
    return (line.removeprefix(name).strip() for line in DOCKERFILE.splitlines() if line.startswith(f"{name} "))


def _copied() -> list[str]:
    lines = (shlex.split(line) for line in _instructions("COPY") if not line.startswith("--from="))
    return [source for *sources, _ in lines for source in sources]


def _commands() -> list[list[str]]:
    (start,) = _instructions("CMD")
    return [json.loads(start), *(service["command"] for service in OWN.values())]


def test_what_is_copied_exists_and_reaches_the_builder() -> None:
    sent = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line[0] == "!"}
    assert len(_copied()) >= 8
    for path in _copied():
        assert (ROOT / path).exists(), path
        assert path in sent or path.split("/")[0] in sent, path


def test_every_folder_that_the_service_reads_is_in_the_image() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "app").rglob("*.py"))
    read = set(re.findall(r"parents\[2\] / \"(\w+)\"", sources))
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    assert {"locale", "migrations", "static", "templates"} <= read
    assert read <= {line.split()[1] for line in final.splitlines() if line.startswith("COPY ")}


def test_nothing_but_what_is_named_reaches_the_builder() -> None:
    assert (ROOT / ".dockerignore").read_text().splitlines()[0] == "*"


@pytest.mark.parametrize("command", sorted({tuple(command) for command in _commands()}), ids=" ".join)
def test_the_commands_and_their_options_exist(command: tuple[str, ...]) -> None:
    program, verb, *rest = command
    assert program == "yanlu"
    call = [sys.executable, "-m", "app.cli", verb, "--help"]
    env = os.environ | {"TERM": "dumb", "COLUMNS": "200"}
    shown = subprocess.run(call, capture_output=True, text=True, cwd=ROOT, env=env, check=False)
    assert shown.returncode == 0, shown.stderr
    assert all(word in shown.stdout for word in rest if word.startswith("--"))


def test_every_setting_is_known() -> None:
    set_here = set(re.findall(r"\bYANLU_[A-Z_]+", DOCKERFILE + (ROOT / "compose.yaml").read_text()))
    secret = {name.upper() for service in OWN.values() for name in service["secrets"]}
    assert set_here
    assert set_here | secret <= SETTINGS


def test_production_gets_every_secret_it_refuses_to_start_without() -> None:
    for service in OWN.values():
        assert {"yanlu_secret_key", "yanlu_data_keys", "yanlu_index_key"} <= set(service["secrets"])


def test_secrets_come_from_files_that_are_declared() -> None:
    used = {name for service in SERVICES.values() for name in service["secrets"]}
    assert used == COMPOSE["secrets"].keys()
    assert all(path.startswith("secrets/") for secret in COMPOSE["secrets"].values() for path in secret.values())


def test_every_container_is_closed_down() -> None:
    assert OWN.keys() == {"app", "worker", "migrate"}
    for service in SERVICES.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "/tmp" in service["tmpfs"]


def test_the_image_does_not_run_as_root() -> None:
    *_, user = _instructions("USER")
    assert user not in {"root", "0"}


def test_all_that_is_written_goes_to_the_volume() -> None:
    (volume,) = _instructions("VOLUME")
    assert f"YANLU_VAR_DIR={volume}" in DOCKERFILE
    assert all(f"var:{volume}" in service["volumes"] for service in OWN.values())


def test_the_health_check_asks_the_service_itself() -> None:
    (check,) = _instructions("HEALTHCHECK")
    program, flag, code = json.loads(check.partition("CMD ")[2])
    assert (program, flag) == ("python", "-c")
    compile(code, "HEALTHCHECK", "exec")
    assert "/healthz" in code


@pytest.mark.postgres
@pytest.mark.skipif(postgres.given() is not None, reason="a given server may have a role of that name")
def test_the_database_of_the_containers_belongs_to_a_role_that_row_level_security_binds(tmp_path: Path) -> None:
    """By the script as the container runs it, but for where the password lies and for a name that is taken here."""
    (mount,) = (one for one in SERVICES["postgres"]["volumes"] if "/docker-entrypoint-initdb.d/" in one)
    script = (ROOT / mount.partition(":")[0]).read_text()
    (password := tmp_path / "password").write_text("it's secret")
    with postgres.server() as url:
        environment = {"PATH": f"{postgres.programs()}:{os.environ['PATH']}", "PGHOST": str(url.query["host"])}
        script = re.sub(r"\byanlu\b", "plain", script.replace("/run/secrets/postgres_password", str(password)))
        environment |= {"POSTGRES_USER": str(url.username)}
        subprocess.run(["sh", "-ec", script], check=True, env=environment, capture_output=True)
        database = Database(url.set(username="plain", database="plain").render_as_string())
        with database.reading() as session:
            assert walls.is_walked_past(session.connection()) is False
            assert session.scalar(text("SELECT has_schema_privilege('public', 'CREATE')")) is True
        database.close()
