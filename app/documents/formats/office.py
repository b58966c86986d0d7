"""Old Word, WPS, RTF and OpenDocument texts, which LibreOffice turns into .docx where it is installed."""

import shutil
import tempfile
from pathlib import Path

from app.documents.formats import refusals
from app.documents.formats.confinement import CrashedError, Limits, TimeIsUpError, run_confined
from app.documents.formats.limits import Kind, read_path
from app.documents.formats.refusals import UnreadableFileError

LIMITS = Limits(seconds=60, megabytes=4096)
"""LibreOffice maps far more address space than it uses."""

_PROGRAM = "soffice"
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse">
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse">
<value>2</value></prop></item>
</oor:items>
"""
"""Macros off, linked pictures not fetched, links not updated."""


def to_docx(content: bytes, kind: Kind, limits: Limits = LIMITS) -> bytes:
    """The same document as .docx, converted in a folder and with a profile of its own that are gone afterwards.

    Raises UnreadableFileError where LibreOffice is not installed (`soffice` in PATH), fails, or takes too long.
    """
    program = shutil.which(_PROGRAM)
    if program is None:
        raise UnreadableFileError(refusals.NO_CONVERTER)
    with tempfile.TemporaryDirectory(prefix="yanlu-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        source = folder / f"document.{kind}"
        source.write_bytes(content)
        try:
            run_confined([program, *_arguments(folder), str(source)], folder, limits)
        except TimeIsUpError as error:
            raise UnreadableFileError(refusals.TOOK_TOO_LONG) from error
        except CrashedError as error:
            raise UnreadableFileError(refusals.NOT_CONVERTED) from error
        return _converted(folder / "out" / "document.docx")


def _arguments(folder: Path) -> list[str]:
    settings = folder / "profile" / "user"
    settings.mkdir(parents=True)
    (settings / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    return [
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
        *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "out")),
    ]


def _converted(path: Path) -> bytes:
    if not path.is_file():
        raise UnreadableFileError(refusals.NOT_CONVERTED)
    return read_path(path)
