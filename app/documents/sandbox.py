"""Reading a file that somebody sent, in a process of its own: whatever its parser does, this process goes on.

Run as a program it is the reading side: the content by stdin, one JSON object by stdout.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from app.documents.formats import office, refusals
from app.documents.formats.confinement import CrashedError, Limits, TimeIsUpError, run_confined
from app.documents.formats.limits import CONVERTED, Kind, recognise
from app.documents.formats.refusals import UnreadableFileError

_CODE = Path(__file__).resolve().parents[2]
_LONGEST_MESSAGE = 300


def read_outside(content: bytes, file_name: str, *, seconds: int = 60, megabytes: int = 1024) -> str:
    """The text of a document of any known format; what it is is told by its content before its name.

    Nothing but signatures and the sizes in an archive is looked at in this process. The parser has `seconds` of time
    and of CPU, `megabytes` of address space, no network, no environment, and a folder that is gone afterwards; before
    it LibreOffice, where it is needed, has limits of its own. Raises UnreadableFileError with one line, whatever
    happens.
    """
    kind = recognise(content, file_name)
    if kind in CONVERTED:
        content = office.to_docx(content, kind)
        kind = Kind.WORD
    return read_apart([*_PROGRAM, kind.value], content, Limits(seconds, megabytes))


_PROGRAM = (sys.executable, "-P", "-s", "-m", "app.documents.sandbox")


def read_apart(program: list[str], content: bytes, limits: Limits) -> str:
    """What a reading program answers for the content. Raises UnreadableFileError for each way in which it can fail."""
    with tempfile.TemporaryDirectory(prefix="yanlu-", ignore_cleanup_errors=True) as folder:
        try:
            answer = run_confined(
                program, Path(folder), limits, content=content, extra={"PYTHONPATH": str(_CODE), "PYTHONUTF8": "1"}
            )
        except TimeIsUpError as error:
            raise UnreadableFileError(refusals.TOOK_TOO_LONG) from error
        except CrashedError as error:
            raise UnreadableFileError(refusals.DAMAGED) from error
    return _text_of(answer)


def _text_of(answer: bytes) -> str:
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(refusals.DAMAGED) from error
    text, refused = (said.get("text"), said.get("refused")) if isinstance(said, dict) else (None, None)
    if isinstance(text, str):
        return text
    clear = isinstance(refused, str) and refused.isprintable() and len(refused) <= _LONGEST_MESSAGE
    raise UnreadableFileError(refused if clear else refusals.DAMAGED)


def _reader(kind: Kind) -> Callable[[bytes], str]:
    """Imported only here, in the process that reads, and only the one that is needed."""
    if kind is Kind.WORD:
        from app.documents.formats.word import read_docx

        return read_docx
    if kind is Kind.PDF:
        from app.documents.formats.pdf import read_pdf

        return read_pdf
    from app.documents.reading import read_document

    return lambda content: read_document(content, f"document.{kind}")


def answer(content: bytes, kind: Kind) -> Mapping[str, str]:
    """`text`, which is valid Unicode, or `refused`; every error of a parser is a refusal."""
    try:
        text = _reader(kind)(content)
        return {"text": text.encode("utf-8", "ignore").decode("utf-8")}
    except UnreadableFileError as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"refused": refusals.TOO_MUCH_MEMORY}
    except Exception:
        return {"refused": refusals.DAMAGED}


def main() -> None:
    answered = answer(sys.stdin.buffer.read(), Kind(sys.argv[1]))
    json.dump(answered, sys.stdout, ensure_ascii=True)


if __name__ == "__main__":
    main()
