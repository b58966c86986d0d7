"""The gettext catalogues: what the templates and the code say, and what is said in other languages.

`python -m app.web.messages` brings every `locale/*.po` up to date with the sources: new messages are added without a
translation, vanished ones dropped, translations kept. Files are sorted and carry no dates and no line numbers, so that
two branches rarely meet on one line.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.core import Locale
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = ROOT / "locale"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
SOURCES = {"templates": [("**.html", "jinja2.ext:babel_extract")], "app": [("**.py", "python")]}
JINJA_OPTIONS = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true", "silent": "false"}
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: yanlu\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""


def extract() -> Catalog:
    """Every message of the sources, untranslated. Raises SyntaxError or Jinja's error for an unreadable file."""
    found = Catalog(charset="utf-8")
    for folder, methods in SOURCES.items():
        messages = extract_from_dir(ROOT / folder, methods, {"**.html": JINJA_OPTIONS}, KEYWORDS)
        for _file, _line, message, _comments, context in messages:
            found.add(message, context=context)
    return found


def read(path: Path) -> Catalog:
    """A catalogue as it stands; its name without `.po` is the language."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


def updated(catalogue: Catalog, sources: Catalog) -> Catalog:
    """A catalogue with exactly the messages of the sources, each with the translation it had; nothing is guessed."""
    fresh = Catalog(locale=catalogue.locale, charset="utf-8")
    for message in sources:
        if message.id:
            known = catalogue.get(message.id, message.context)
            fresh.add(message.id, known.string if known else None, context=message.context)
    return fresh


def as_text(language: str, catalogue: Catalog) -> bytes:
    """The file's content; the same catalogue always gives the same bytes."""
    written = BytesIO()
    write_po(written, catalogue, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    forms = get_plural(Locale.parse(language)).plural_forms
    return HEADER.format(language=language, plural_forms=forms).encode() + written.getvalue().strip() + b"\n"


def main() -> int:
    """Updates all catalogues in place and says for each how many messages wait for a translation."""
    sources = extract()
    for path in sorted(CATALOGUES.glob("*.po")):
        catalogue = updated(read(path), sources)
        path.write_bytes(as_text(path.stem, catalogue))
        missing = [message for message in catalogue if message.id and not is_translated(message.string)]
        sys.stdout.write(f"{path.name}: {len(catalogue)} messages, {len(missing)} without a translation\n")
        for message in missing:
            sys.stdout.write(f"  {message.id}\n")
    return 0


def is_translated(string: str | list[str] | tuple[str, ...] | None) -> bool:
    """Whether every form that the language needs is there."""
    forms = [string] if isinstance(string, str) else list(string or ())
    return bool(forms) and all(forms)


if __name__ == "__main__":
    raise SystemExit(main())
