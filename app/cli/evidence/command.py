"""`yanlu evidence`: control-to-test tables, parts and settings in one folder, for whoever assesses the installation."""

import hashlib
import json
import platform
import zipfile
from importlib.metadata import distributions, version
from pathlib import Path
from typing import Annotated

import typer

import app
from app.cli.evidence import assembling
from app.cli.evidence.assembling import Installed
from app.cli.terminal import say
from app.config import load_settings
from app.kit import migrations
from app.kit.clock import SystemClock

LOCKS = ("runtime.lock", "extras.lock")
FILES = ("evidence.md", "evidence.json", "sbom.cdx.json")


def evidence(
    out: Annotated[Path, typer.Option(help="Folder for the files; made when it isn't there.")] = Path("evidence"),
) -> None:
    """Put together for an assessor: 等保, 密评 and 适老化 by control, the installed parts, settings without secrets."""
    at, installed, settings = SystemClock().now(), _installed(), load_settings()
    told = assembling.evidence(installed, settings, at)
    made = (assembling.page(told), _json(told), _json(assembling.bill_of_materials(installed, at)))
    out.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(out / "evidence.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in zip(FILES, made, strict=True):
            (out / name).write_text(text, encoding="utf-8")
            archive.writestr(name, text)
    controls = sum(len(standard["control"]) for standard in told["standards"])
    say(f"{controls} controls and {len(installed.parts)} parts are told in {out / 'evidence.md'}")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _installed() -> Installed:
    parts = {one.metadata["Name"]: one.version for one in distributions()}
    folder = Path(app.__file__).parents[1] / "requirements"
    locks = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in LOCKS if (folder / name).is_file()
    }
    return Installed(version("yanlu"), platform.python_version(), migrations.head(), sorted(parts.items()), locks)
