"""Template lint catches what the content security policy and people with assistive technology would trip over."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.parts import ROOT

MISTAKES = {
    "H013": '<img src="{{ picture }}" width="1" height="1">',
    "H021": '<p style="color: red">{{ text }}</p>',
    "H025": "<div>{{ text }}",
    "T038": "{% if text %}{{ text }}",
    "Y001": "<script>start()</script>",
    "Y002": '<button type="button" onclick="start()">{{ text }}</button>',
    "Y003": "<p>{{ text | safe }}</p>",
}


def _lint(folder: Path, *paths: str) -> subprocess.CompletedProcess[str]:
    djlint = Path(sys.executable).with_name("djlint")
    return subprocess.run([djlint, "--lint", *paths], cwd=folder, capture_output=True, text=True, check=False)


def test_each_mistake_is_found_by_its_rule(tmp_path: Path) -> None:
    for name in ("pyproject.toml", ".djlint_rules.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    for rule, markup in MISTAKES.items():
        (tmp_path / f"{rule}.html").write_text(f"{markup}\n")
    done = _lint(tmp_path, ".")
    assert done.returncode == 1
    by_file = re.findall(r"^(\w+)\.html\n─+\n(\w+) ", done.stdout, flags=re.MULTILINE)
    assert dict(by_file) == {rule: rule for rule in MISTAKES}


def test_a_script_in_a_file_is_no_mistake(tmp_path: Path) -> None:
    shutil.copy(ROOT / ".djlint_rules.yaml", tmp_path)
    (tmp_path / "page.html").write_text('<script src="{{ script }}" defer></script>\n')
    assert _lint(tmp_path, "page.html", "--profile", "jinja").returncode == 0
