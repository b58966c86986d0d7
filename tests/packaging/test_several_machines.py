"""`deploy/ha`: what the drill tries is what is shipped, in containers too, and within the rules of its programs."""

import configparser
from string import Template
from typing import Any

import pytest
import yaml

from app.config import PREFIX, Settings
from tests.support.parts import ROOT

FOLDER = ROOT / "deploy" / "ha"
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
PATRONI: dict[str, Any] = yaml.safe_load((FOLDER / "patroni.yml").read_text())
DCS: dict[str, Any] = PATRONI["bootstrap"]["dcs"]
CONFIGURATIONS = sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".yml", ".cfg", ".ini"))
FILLED_IN = {"NODE", "ADDRESS", "DATA", "SUBNET", "PASSWORD", "MEMBERS", "ETCD", "DATABASES"}
"""What `chaos.ha.cluster` puts in, and the README says of it."""


def pgbouncer() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(FOLDER / "pgbouncer.ini")
    return parser["pgbouncer"]


def test_the_drill_sets_up_every_configuration_that_is_shipped() -> None:
    assert CONFIGURATIONS == ["etcd.yml", "haproxy.cfg", "patroni.yml", "pgbouncer.ini"]
    asked = {name for file in CONFIGURATIONS for name in Template((FOLDER / file).read_text()).get_identifiers()}
    assert asked <= FILLED_IN
    drill = (ROOT / "chaos" / "ha" / "cluster.py").read_text()
    assert '/ "deploy" / "ha"' in drill
    assert all(f'"{name}"' in drill for name in asked)


def test_the_containers_start_the_same_programs_with_the_same_files() -> None:
    started = " ".join(" ".join(service["command"]) for service in SERVICES.values())
    for file in CONFIGURATIONS:
        assert f"/etc/yanlu/{file}" in started, file
    drill = (ROOT / "chaos" / "ha" / "cluster.py").read_text()
    for words in (("etcd", "--config-file", "etcd.yml"), ("patroni", "patroni.yml"), ("pgbouncer", "pgbouncer.ini")):
        assert ", ".join(f'"{word}"' for word in words) in drill
    assert '"haproxy", "-db", "-f", "haproxy.cfg"' in drill


def test_the_containers_have_the_shape_of_the_drill() -> None:
    databases = {name for name, service in SERVICES.items() if service["image"] == "yanlu-database"}
    ways = {service["network_mode"] for service in SERVICES.values() if service["image"] == "yanlu-way"}
    hosts = {name for name, service in SERVICES.items() if "serve" in service["command"]}
    assert (databases, hosts) == ({"db1", "db2", "db3"}, {"app1", "app2"})
    assert ways == {f"service:{name}" for name in hosts}
    for name in databases:
        assert f"./etc/{name}:/etc/yanlu:ro" in SERVICES[name]["volumes"]
        assert any(volume.startswith(f"{name}:") for volume in SERVICES[name]["volumes"])
    assert set(COMPOSE["volumes"]) == databases


def test_the_service_in_containers_is_given_settings_that_it_has() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    assert set(COMPOSE["x-yanlu"]["environment"]) <= known
    assert set(COMPOSE["x-yanlu"]["secrets"]) == set(COMPOSE["secrets"])


def test_no_commit_is_told_before_two_disks_have_it() -> None:
    assert DCS["synchronous_mode"] is True
    assert DCS["synchronous_mode_strict"] is True
    assert DCS["maximum_lag_on_failover"] == 0
    parameters = DCS["postgresql"]["parameters"]
    assert [parameters[name] for name in ("synchronous_commit", "fsync", "full_page_writes")] == ["on"] * 3
    assert "synchronous_commit = 'on'" in (FOLDER / "role.sql").read_text()


def test_patroni_gives_up_its_lock_before_another_may_take_it() -> None:
    """patroni.readthedocs.io, dynamic configuration: the least values, and loop_wait + 2 * retry_timeout <= ttl."""
    assert DCS["loop_wait"] + 2 * DCS["retry_timeout"] <= DCS["ttl"]
    assert (DCS["ttl"] >= 20, DCS["loop_wait"] >= 1, DCS["retry_timeout"] >= 3) == (True, True, True)


def test_the_lock_is_never_taken_back_from_a_successor() -> None:
    """Patroni 3.0.2 overwrites it through etcd's version 3 after a cut; patroni.yml says why version 2."""
    assert "etcd" in PATRONI
    assert "etcd3" not in PATRONI
    assert yaml.safe_load((FOLDER / "etcd.yml").read_text())["enable-v2"] is True


@pytest.mark.parametrize("name", ["options", "extra_float_digits"])
def test_the_pooler_lets_the_service_ask_for_what_its_role_has(name: str) -> None:
    assert name in pgbouncer()["ignore_startup_parameters"].split(",")


def test_the_pooler_hands_out_connections_for_a_transaction() -> None:
    assert pgbouncer()["pool_mode"] == "transaction"


def test_every_file_is_told_of() -> None:
    told = (FOLDER / "README.md").read_text()
    assert [path.name for path in FOLDER.iterdir() if f"`{path.name}`" not in told and path.name != "README.md"] == []
