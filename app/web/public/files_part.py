"""Files that come with a comment, as a part of the form.

A chosen file is examined and kept at once, whatever else is wrong with the form; from then on the form carries a sealed
list of what is kept, which only this form can give back. Nobody has to choose a file twice.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import BoundedSemaphore

from app.kit.crypto import Unreadable
from app.kit.forms import Form
from app.kit.multipart import UploadedFile
from app.kit.throttle import of_address
from app.submissions.attachments import NewFile, take_in
from app.submissions.file_examination import FileProblem, FileRefused
from app.submissions.file_kinds import LARGEST_TOGETHER, MOST_FILES, FileKind, ScanState
from app.web.file_words import problem_words, size_words
from app.web.forms import Received
from app.web.public.attempt import Attempt, Hidden, Setting, form_context

FIELD = "files"
LISTED = "files_kept"
REMOVED = "remove_file"
KEPT_FOR = timedelta(hours=20)
"""Shorter than the age at which contents that nothing refers to are collected."""
MOST_EXAMINATIONS = 2
"""At once in one process: each may use a core and a gigabyte."""
LONGEST_WAIT = 10.0
"""Seconds that an examination waits for its turn."""

_turns = BoundedSemaphore(MOST_EXAMINATIONS)


@dataclass(frozen=True)
class FileView:
    key: str
    name: str
    size: str


def judge(setting: Setting, received: Received, attempt: Attempt) -> None:
    """Takes in what was chosen now, besides what the form had. Takes seconds, so hold no session meanwhile."""
    if not setting.terms.takes_files:
        return
    problems: list[str] = []
    files = _still_kept(setting, received.form, attempt, problems)
    for sent in received.files:
        try:
            file = _taken(setting, received, sent, files)
        except FileRefused as refused:
            problems.append(problem_words(refused.problem, sent.name[:60]))
            continue
        files = [*(one for one in files if one.sha256 != file.sha256), file]
    attempt.files = files
    if problems:
        attempt.problems[FIELD] = " ".join(problems)


def hidden(setting: Setting, attempt: Attempt) -> Hidden:
    if not attempt.files:
        return {}
    listed = json.dumps([_written(file) for file in attempt.files], ensure_ascii=False)
    until = max(file.taken_at for file in attempt.files) + KEPT_FOR
    return {LISTED: setting.services.staged_files.seal(listed, form_context(setting, attempt), until)}


def views(attempt: Attempt) -> list[FileView]:
    return [FileView(file.sha256, file.name, size_words(file.size)) for file in attempt.files]


def _still_kept(setting: Setting, form: Form, attempt: Attempt, problems: list[str]) -> list[NewFile]:
    """What this form had and nobody removed; what is kept no longer is told, so that nobody thinks it was sent."""
    removed, kept = set(form.all(REMOVED)), []
    for file in _listed(setting, form, attempt):
        if file.sha256 in removed:
            continue
        if setting.at < file.taken_at + KEPT_FOR and setting.services.blobs.has(file.sha256):
            kept.append(file)
        else:
            problems.append(problem_words(FileProblem.GONE, file.name))
    return kept


def _taken(setting: Setting, received: Received, sent: UploadedFile, files: Sequence[NewFile]) -> NewFile:
    """Raises FileRefused."""
    services, client = setting.services, of_address(setting.client)
    if received.files_dropped:
        raise FileRefused(FileProblem.BUSY)
    if sent.too_large:
        raise FileRefused(FileProblem.TOO_LARGE)
    if len(files) >= MOST_FILES:
        raise FileRefused(FileProblem.TOO_MANY)
    if sum(file.size for file in files) + len(sent.content) > LARGEST_TOGETHER:
        raise FileRefused(FileProblem.TOGETHER_TOO_LARGE)
    if services.uploads.is_over(client, setting.at):
        raise FileRefused(FileProblem.TOO_OFTEN)
    services.uploads.note(client, setting.at)
    try:
        with _turn():
            return take_in(services.blobs, services.scanner, sent.content, sent.name, setting.at)
    except OSError as error:
        raise FileRefused(FileProblem.BUSY) from error


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=LONGEST_WAIT):
        raise FileRefused(FileProblem.BUSY)
    try:
        yield
    finally:
        _turns.release()


def _listed(setting: Setting, form: Form, attempt: Attempt) -> list[NewFile]:
    try:
        listed = setting.services.staged_files.open(form.get(LISTED, ""), form_context(setting, attempt), setting.at)
    except Unreadable:
        return []
    return [_read(*written) for written in json.loads(listed)]


def _written(file: NewFile) -> list[str | int]:
    return [file.name, file.sha256, file.size, file.kind, file.scan, file.taken_at.isoformat()]


def _read(name: str, sha256: str, size: int, kind: str, scan: str, taken_at: str) -> NewFile:
    return NewFile(name, sha256, size, FileKind(kind), ScanState(scan), datetime.fromisoformat(taken_at))
