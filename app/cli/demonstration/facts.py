"""What a demonstration remembers between runs, in `var/demo.json`: addresses, accounts with passwords, the key."""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FILE_NAME = "demo.json"


@dataclass(frozen=True)
class Account:
    role: str
    username: str
    password: str


@dataclass(frozen=True)
class Facts:
    """`pages` maps a page's hash to its consultation's slug, `keys` a department's id to its client's key.

    `played` is the id of the department that a program plays, `played_name` its name; empty where there is none.
    """

    public_url: str
    staff_url: str
    slug: str
    staff: tuple[Account, ...]
    api_key: str
    department: str
    pages: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    played: str = ""
    played_name: str = ""


def load(path: Path) -> Facts | None:
    """What an earlier run kept; None where there is nothing, or nothing that can be read."""
    try:
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        staff = tuple(Account(**account) for account in kept.pop("staff"))
        return Facts(staff=staff, **kept)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def save(path: Path, facts: Facts) -> None:
    """Replaces the file in one step, readable by its owner alone (mode 0600)."""
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    with suppress(FileNotFoundError):
        draft.unlink()
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(facts), file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
