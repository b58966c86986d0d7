"""Stores what the API promises now; refuses where a promise is broken."""

import json
import sys
import tempfile
from pathlib import Path

from app.api.application import create_api
from app.kit.database import Database
from tests.api.promises import breaks
from tests.support.journey import StoppedClock

STORED = Path(__file__).with_name("openapi-promised.json")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        present = create_api(Database(f"sqlite:///{folder}/unused.sqlite3"), StoppedClock()).openapi()
    broken = breaks(json.loads(STORED.read_text(encoding="utf-8")), present) if STORED.exists() else []
    for line in broken:
        print(line, file=sys.stderr)
    for operation in (operation for path in present["paths"].values() for operation in path.values()):
        # Problems are promised by `x-problems`; the examples of each operation's would be most of the file.
        answers = {status: one for status, one in operation["responses"].items() if status.startswith("2")}
        operation["responses"] = answers
    if not broken:
        STORED.write_text(json.dumps(present, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
