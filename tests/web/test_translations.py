"""Chinese is complete: whatever a page or a message says in English, the catalogue says in Chinese."""

import re
from pathlib import Path

import pytest
from babel.messages import Catalog

from app.web import messages

FILES = sorted(messages.CATALOGUES.glob("*.po"))
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%|\{(\w+)\}")


@pytest.fixture(scope="module")
def sources() -> Catalog:
    return messages.extract()


def forms(value: str | list[str] | tuple[str, ...]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def placeholders(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text)}


def test_chinese_is_there() -> None:
    assert "zh_CN.po" in [path.name for path in FILES]


def test_messages_are_found_in_templates_and_in_code(sources: Catalog) -> None:
    assert sources.get("Find my receipt") is not None
    assert sources.get("Partly adopted") is not None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_message_is_translated(path: Path, sources: Catalog) -> None:
    catalogue = messages.read(path)
    wanting = [
        message.id for message in sources if message.id and not is_translated_in(catalogue, message.id, message.context)
    ]
    assert not wanting, "run `python -m app.web.messages` and translate these"


def is_translated_in(catalogue: Catalog, msgid: str | list[str] | tuple[str, ...], context: str | None) -> bool:
    known = catalogue.get(msgid, context)
    return known is not None and not known.fuzzy and messages.is_translated(known.string)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_translation_is_left_over(path: Path, sources: Catalog) -> None:
    catalogue = messages.read(path)
    assert not [message.id for message in catalogue if message.id and sources.get(message.id, message.context) is None]
    assert not catalogue.obsolete


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_translations_name_the_same_placeholders(path: Path) -> None:
    for message in messages.read(path):
        wanted = placeholders(forms(message.id)[-1])
        assert all(placeholders(string) == wanted for string in forms(message.string) if string), message.id


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_command_leaves_an_up_to_date_catalogue_as_it_is(path: Path, sources: Catalog) -> None:
    is_up_to_date = messages.as_text(path.stem, messages.updated(messages.read(path), sources)) == path.read_bytes()
    assert is_up_to_date, "run `python -m app.web.messages`"


def test_an_update_keeps_translations_and_drops_what_vanished() -> None:
    before, now = Catalog(locale="zh_CN"), Catalog()
    before.add("kept", "留")
    before.add("gone", "去")
    now.add("kept")
    now.add("new")
    after = messages.updated(before, now)
    assert {message.id: message.string or "" for message in after if message.id} == {"kept": "留", "new": ""}
    assert not messages.is_translated(after["new"].string)
