"""What holds in every template, whatever a route puts into it: rules of the CSP, forms, labels, pictures, words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, nodes

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
VOID = {"br", "img", "input", "link", "meta", "hr", "source"}
SPOKEN_ATTRIBUTES = {"alt", "aria-label", "title", "placeholder", "content", "data-done", "data-left", "data-over"}
LANGUAGES_OWN_NAMES = {"English", "中文"}
LETTERS = re.compile(r"[^\W\d_]")
IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES), extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True
)
FILTERS = ("instant", "short_instant", "day", "grouped", "label", "why", "paragraphs", "tongue")
ENVIRONMENT.filters |= dict.fromkeys(FILTERS, str)


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    within: tuple["Element", ...]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """A template's HTML with every Jinja expression as one opaque word, the same word for the same expression."""

    elements: list[Element] = field(default_factory=list)
    loose_text: list[str] = field(default_factory=list)
    stack: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(self.stack))
        self.elements.append(element)
        if tag not in VOID:
            self.stack.append(element)

    def handle_endtag(self, tag: str) -> None:
        opened = [place for place, element in enumerate(self.stack) if element.tag == tag]
        if opened:
            del self.stack[opened[-1] :]

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.loose_text.append(data.strip())


def source(name: str) -> str:
    return (TEMPLATES / name).read_text("utf-8")


def parsed(text: str) -> Page:
    words: dict[str, str] = {}

    def opaque(match: re.Match[str]) -> str:
        return words.setdefault(match.group(0), f"\u00a7{len(words)}\u00a7")

    plain = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    plain = re.sub(r"\{\{.*?\}\}", opaque, plain, flags=re.DOTALL)
    page = Page()
    page.feed(re.sub(r"\{%.*?%\}", " ", plain, flags=re.DOTALL))
    page.close()
    return page


def inline_code(text: str) -> list[str]:
    found = []
    for element in parsed(text).elements:
        if element.tag == "style" or (element.tag == "script" and "src" not in element.attributes):
            found.append(element.tag)
        found += [name for name in element.attributes if name == "style" or name.startswith("on")]
        found += [value for value in element.attributes.values() if value.lower().startswith("javascript:")]
    return found


def unlabelled(text: str) -> list[dict[str, str]]:
    page = parsed(text)
    labelled = {element.attributes.get("for") for element in page.elements if element.tag == "label"}
    return [
        element.attributes
        for element in page.elements
        if element.tag in ("input", "select", "textarea") and element.attributes.get("type") != "hidden"
        if element.attributes.get("id") not in labelled
    ]


def bare_words(text: str) -> list[str]:
    page = parsed(text)
    spoken = [
        value for element in page.elements for name, value in element.attributes.items() if name in SPOKEN_ATTRIBUTES
    ]
    # The viewport and the colour scheme are told to the browser, not to people.
    for_browsers = {
        element.attributes.get("content") for element in page.elements if element.tag == "meta" and element.attributes
    }
    words = [*page.loose_text, *(value for value in spoken if value not in for_browsers)]
    return [word for word in words if LETTERS.search(word.replace("\u00a7", "")) and word not in LANGUAGES_OWN_NAMES]


def untranslated_constants(text: str) -> list[str]:
    """Chinese, or several words, written inside an expression but not given to gettext."""
    return [
        constant.value
        for constant in _constants(ENVIRONMENT.parse(text))
        if IDEOGRAPH.search(constant.value) or re.search(r"[A-Za-z]+ [A-Za-z]+ [A-Za-z]+", constant.value)
    ]


def _constants(node: nodes.Node) -> Iterator[nodes.Const]:
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in ("_", "ngettext"):
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node
    # A mapping's keys are looked up, never shown.
    children = [node.value] if isinstance(node, nodes.Pair) else node.iter_child_nodes()
    for child in children:
        yield from _constants(child)


def with_parts(name: str) -> set[str]:
    """The template and all that it includes."""
    included = re.findall(r'{% include "([^"]+)"', source(name))
    return {name}.union(*(with_parts(part) for part in included))


@pytest.mark.parametrize("name", NAMES)
class TestEveryTemplate:
    def test_compiles(self, name: str) -> None:
        assert ENVIRONMENT.get_template(name)

    def test_has_no_inline_code(self, name: str) -> None:
        assert inline_code(source(name)) == []

    def test_labels_every_field(self, name: str) -> None:
        assert unlabelled(source(name)) == []

    def test_says_every_picture_in_words(self, name: str) -> None:
        assert all(element.attributes.get("alt") for element in parsed(source(name)).elements if element.tag == "img")

    def test_speaks_only_through_gettext(self, name: str) -> None:
        assert bare_words(source(name)) == []
        assert untranslated_constants(source(name)) == []

    def test_links_within_itself_to_what_is_there(self, name: str) -> None:
        page = parsed(source(name))
        known = {element.attributes.get("id") for part in with_parts(name) for element in parsed(source(part)).elements}
        wanted = [
            reference
            for element in page.elements
            for attribute in ("aria-labelledby", "form")
            for reference in element.attributes.get(attribute, "").split()
            if element.tag != "input"
        ]
        assert [reference for reference in wanted if reference not in known] == []

    def test_takes_only_icons_that_are_drawn(self, name: str) -> None:
        drawn = set(re.findall(r'<symbol id="([a-z-]+)"', (ROOT / "static" / "icons.svg").read_text("utf-8")))
        assert set(re.findall(r'\bicon\("([a-z-]+)"\)', source(name))) <= drawn


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("staff/") and "sign_in" not in name])
def test_every_form_of_the_desk_that_posts_carries_the_csrf_token(name: str) -> None:
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", source(name), flags=re.DOTALL)
    assert len(forms) == source(name).count('method="post"')
    assert all('{% include "partials/csrf.html" %}' in form for form in forms)


def test_the_sign_in_form_carries_its_own_token() -> None:
    assert 'name="csrf_token" value="{{ login_token }}"' in source("staff/sign_in.html")


def test_states_have_drawn_icons() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', (ROOT / "static" / "icons.svg").read_text("utf-8")))
    used = set(re.findall(r'\("(?:green|amber|red|slate)", "([a-z-]+)"\)', source("partials/states.html")))
    assert used
    assert used <= drawn


def test_the_original_is_shown_to_the_last_line_break_whatever_the_sentences_cover() -> None:
    comment = "甲。\n\n  乙！丙\n"
    sentences = [
        {"start": start, "end": end, "tints": [{"start": start, "text": comment[start:end], "depth": depth}]}
        for start, end, depth in ((0, 2, 1), (6, 8, 0))
    ]
    shown = ENVIRONMENT.get_template("staff/original_text.html").render(s={"comment": comment}, sentences=sentences)
    assert '<mark data-from="0">甲。</mark>' in shown
    plain = re.sub(r"</?(?:mark|span)[^>]*>", "", shown)
    assert re.search(r"<div[^>]*>(.*)</div>", plain, flags=re.DOTALL)[1] == comment


@pytest.mark.parametrize(
    ("check", "mistake"),
    [
        (inline_code, '<p style="color: red">{{ x }}</p>'),
        (inline_code, '<button onclick="go()">{{ x }}</button>'),
        (inline_code, "<script>go()</script>"),
        (unlabelled, '<input type="text" id="a"><label for="b">{{ x }}</label>'),
        (bare_words, "<p>Hello</p>"),
        (bare_words, "<p>您好</p>"),
        (bare_words, '<a aria-label="Open">{{ x }}</a>'),
        (untranslated_constants, '{{ x or "没有" }}'),
        (untranslated_constants, '{% if x %}{{ "one two three" }}{% endif %}'),
    ],
)
def test_planted_mistakes_are_found(check: object, mistake: str) -> None:
    assert callable(check)
    assert check(mistake)
