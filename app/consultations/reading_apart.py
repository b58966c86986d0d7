"""Reading the texts of uploaded files in a process of its own: whatever they do to the rules, the service goes on.

Run as a program it is the reading side: texts and directory by stdin, one JSON object by stdout. What is unpickled
there was made here; what comes back is JSON.
"""

import json
import pickle
import sys
from collections.abc import Mapping
from typing import Any

from app.consultations.actions import Rule
from app.consultations.preparation import TextPart
from app.consultations.uploaded import ReadFiles, SourceText, read_files
from app.departments.directory import Directory
from app.documents import extracted
from app.documents.formats import refusals
from app.documents.formats.confinement import Limits
from app.documents.formats.refusals import UnreadableFileError
from app.documents.sandbox import read_apart

LIMITS = Limits(seconds=60, megabytes=1024)
_PROGRAM = (sys.executable, "-P", "-s", "-m", "app.consultations.reading_apart")


def read_files_apart(texts: Mapping[TextPart, SourceText], directory: Directory, limits: Limits = LIMITS) -> ReadFiles:
    """The same as `read_files`, within limits of time and memory. Raises UnreadableFileError at the limits."""
    content = pickle.dumps((dict(texts), directory.entries))
    answer = read_apart([*_PROGRAM], content, limits)
    try:
        return _read(texts, json.loads(answer))
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableFileError(refusals.DAMAGED) from error


def _read(texts: Mapping[TextPart, SourceText], said: Mapping[str, Any]) -> ReadFiles:
    return ReadFiles(
        texts={part: SourceText(source.name, said["texts"][part]) for part, source in texts.items()},
        found=extracted.from_json(said["found"]),
        places=tuple((place[0], place[1]) if place else None for place in said["places"]),
        values=said["values"],
        rules=tuple(Rule(heading, text) for heading, text in said["rules"]),
        attachments=tuple(said["attachments"]),
        draft_text=said["draft_text"],
        holds=frozenset(map(TextPart, said["holds"])),
    )


def main() -> None:
    texts, entries = pickle.loads(sys.stdin.buffer.read())  # noqa: S301
    read = read_files(texts, Directory(entries))
    said = {
        "texts": {part: source.text for part, source in read.texts.items()},
        "found": extracted.to_json(read.found),
        "places": read.places,
        "values": dict(read.values),
        "rules": [[rule.heading, rule.text] for rule in read.rules],
        "attachments": read.attachments,
        "draft_text": read.draft_text,
        "holds": sorted(read.holds),
    }
    json.dump({"text": json.dumps(said)}, sys.stdout)


if __name__ == "__main__":
    main()
