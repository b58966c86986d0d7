"""The head and foot of the larger site that the column lives in: the operator's HTML, held to an allow-list.

What is shown is what was parsed and checked, written anew, and never the file's own characters: a browser can read
nothing else into it. Source of the rules: our own Content-Security-Policy, and docs/settings.md, which lists them.
"""

import re
from pathlib import Path
from typing import Any

from markupsafe import Markup

MOST_BYTES = 32 * 1024
ELEMENTS = frozenset(
    "a abbr address b br dd div dl dt em hr img li nav ol p small span strong time ul".split()  # noqa: SIM905
)
EVERYWHERE = frozenset({"lang", "dir", "title", "class"})
ATTRIBUTES = {
    "a": frozenset({"href", "hreflang", "rel"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "nav": frozenset({"aria-label"}),
    "time": frozenset({"datetime"}),
}
NEEDED = {"img": ("src", "alt"), "nav": ("aria-label",)}
OWN_PATH = re.compile(r"/(?![/\\])[^\\\s]*")
LINK = re.compile(r"(https?://|mailto:|tel:)[^\s\\]+", re.IGNORECASE)
CLASSES = re.compile(r"(portal-[a-z0-9-]+\s*)+")


class UnfitFragment(ValueError):
    """The file can't be shown; the message is one line that says what is wrong, and where."""


def read_fragment(setting: str, path: Path | None) -> Markup:
    """The file's HTML, safe to stand in any page; empty without a file.

    Raises UnfitFragment, one line with the setting's name and the file's line, for what can't be read or isn't allowed.
    """
    if path is None:
        return Markup("")
    import lxml.html  # where there is such a file, and not before

    root = _parsed(setting, path)
    for element in root.iterdescendants():
        problem = _problem(element)
        if problem:
            raise UnfitFragment(f"{setting}: line {element.sourceline} of {path}: {problem}")
    inside = "".join(lxml.html.tostring(child, encoding="unicode") for child in root)
    return Markup(Markup.escape(root.text or "") + Markup(inside)).strip()  # noqa: S704


def _parsed(setting: str, path: Path) -> Any:
    import lxml.html

    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnfitFragment(f"{setting}: {path} can't be read: {error.strerror}") from None
    if len(content) > MOST_BYTES:
        raise UnfitFragment(f"{setting}: {path} has more than 32 KB")
    try:
        text = content.decode("utf-8-sig")
        return lxml.html.fragment_fromstring(text, create_parent="div")
    except UnicodeDecodeError:
        raise UnfitFragment(f"{setting}: {path} isn't UTF-8") from None
    except ValueError:
        raise UnfitFragment(f"{setting}: {path} holds no HTML") from None


def _problem(element: Any) -> str | None:
    """What is wrong with one element, apart from what is inside it."""
    name = element.tag
    if not isinstance(name, str):
        return "comments and instructions are not allowed"
    if name not in ELEMENTS:
        return f"<{name}> is not allowed"
    for attribute, value in element.attrib.items():
        if attribute not in EVERYWHERE | ATTRIBUTES.get(name, frozenset()):
            return f"{attribute} is not allowed on <{name}>"
        if not _fits(attribute, value):
            return f"{attribute}={value[:60]!r} is not allowed on <{name}>"
    missing = [attribute for attribute in NEEDED.get(name, ()) if attribute not in element.attrib]
    return f"<{name}> needs {missing[0]}" if missing else None


def _fits(attribute: str, value: str) -> bool:
    if attribute == "href":
        return bool(OWN_PATH.fullmatch(value) or LINK.fullmatch(value))
    if attribute == "src":
        return bool(OWN_PATH.fullmatch(value))
    return bool(CLASSES.fullmatch(value)) if attribute == "class" else True
