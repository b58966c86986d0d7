"""Translations, read from the catalogues themselves: English msgids, one file for each other language."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).resolve().parents[2] / "locale"


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language; English is the language of the msgids themselves."""
    path = CATALOGUES / f"{language}.po"
    if not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def N_(message: str) -> str:  # noqa: N802
    """Marks a msgid for the catalogue; it is translated where it is shown."""
    return message
