"""The documentation that the service itself serves: whole, in both languages, with nothing from elsewhere."""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openapi_spec_validator import OpenAPIV30SpecValidator

from app.api.application import DepartmentApi, create_api
from app.api.docs.field_words import FIELDS
from app.api.docs.markdown import inline, sections
from app.api.docs.pages import PAGES, create_docs
from app.api.docs.reference import groups
from app.api.docs.words import LABELS, OPERATIONS
from app.api.problems import PROBLEMS
from app.events.catalogue import KINDS
from app.kit.database import Database
from tests.support.journey import StoppedClock


class Links(HTMLParser):
    """What a page refers to, and the ids that it has."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.links += [given[name] for name in ("href", "src") if name in given]
        self.ids += [given["id"]] if "id" in given else []
        if tag in ("style", "script") or "style" in given or any(name.startswith("on") for name in given):
            self.inline.append(tag)


def links_of(page: str) -> Links:
    found = Links()
    found.feed(page)
    return found


@pytest.fixture(scope="module")
def plain_api(tmp_path_factory: pytest.TempPathFactory) -> DepartmentApi:
    path = tmp_path_factory.mktemp("docs") / "unused.sqlite3"
    return create_api(Database(f"sqlite:///{path}"), StoppedClock())


@pytest.fixture(scope="module")
def docs(plain_api: DepartmentApi) -> TestClient:
    return TestClient(create_docs(plain_api))


@cache
def ids_of(docs: TestClient, address: str) -> frozenset[str]:
    """Of a page that many links lead to, which is made once."""
    target = docs.get(address)
    assert target.status_code == 200
    return frozenset(links_of(target.text).ids)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("page", PAGES)
def test_each_page_is_whole_and_has_nothing_inline_nor_from_elsewhere(
    docs: TestClient, language: str, page: str
) -> None:
    answer = docs.get(f"/{language}/{page}")
    assert answer.status_code == 200
    found = links_of(answer.text)
    assert found.inline == []
    assert len(set(found.ids)) == len(found.ids)
    for link in dict.fromkeys(found.links):
        assert not re.match(r"//|http", link), link
        if link.startswith("#"):
            assert link[1:] in found.ids
        elif link.startswith(("/en/", "/zh/")):
            address, _, anchor = link.partition("#")
            found_there = ids_of(docs, address)
            assert not anchor or anchor in found_there
        elif link == "/style.css":
            assert docs.get(link).headers["content-type"].startswith("text/css")


def test_the_first_page_is_in_the_readers_language(docs: TestClient) -> None:
    for asked, language in (("en", "en"), ("zh-CN", "zh"), ("fr", "zh")):
        answer = docs.get("/", headers={"Accept-Language": asked}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (302, f"/{language}/quickstart")
    for wrong in ("/fr/quickstart", "/en/nothing"):
        assert docs.get(wrong).status_code == 404


@pytest.mark.parametrize("language", ["en", "zh"])
def test_everything_is_told(docs: TestClient, plain_api: DepartmentApi, language: str) -> None:
    pages = {page: links_of(docs.get(f"/{language}/{page}").text).ids for page in PAGES}
    assert set(PROBLEMS) <= set(pages["errors"])
    assert set(KINDS) <= set(pages["events"])
    described = plain_api.openapi()
    operations = {one["operationId"] for path in described["paths"].values() for one in path.values()}
    assert operations <= set(pages["reference"])
    assert operations == set(OPERATIONS)


def test_its_words_are_in_both_languages() -> None:
    for words in LABELS.values():
        assert words.en
        assert words.zh
    for title, told in OPERATIONS.values():
        assert re.search("[\u4e00-\u9fff]", title)
        assert re.search("[\u4e00-\u9fff]", told)


def test_every_field_is_told_in_chinese_and_nothing_else_is(plain_api: DepartmentApi) -> None:
    described = plain_api.openapi()
    told = [
        field
        for group in groups(described, "zh", "/api/v1")
        for operation in group.operations
        for field in (*operation.parameters, *operation.body, *operation.answer)
    ]
    untold = {field.name: str(field.words) for field in told if field.words}
    assert {name: words for name, words in untold.items() if not re.search("[\u4e00-\u9fff]", words)} == {}
    descriptions = set(descriptions_in(described))
    assert set(FIELDS) <= descriptions


def descriptions_in(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (value for name, value in node.items() if name == "description" and isinstance(value, str))
        for value in node.values():
            yield from descriptions_in(value)
    if isinstance(node, list):
        for value in node:
            yield from descriptions_in(value)


def test_text_is_never_taken_for_markup() -> None:
    assert inline("<b>a</b> `<i>` **c** [d](javascript:e)") == (
        "&lt;b&gt;a&lt;/b&gt; <code>&lt;i&gt;</code> <strong>c</strong> d"
    )
    (one,) = sections(
        "# A\n\ntwo\nlines\n\n- x\n- y\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```sh\n# no heading\n\ncd\n```\n"
    )
    assert one.code == [("sh", "# no heading\n\ncd")]
    assert [str(block) for block in one.prose] == [
        "<p>two lines</p>",
        "<ul><li>x</li><li>y</li></ul>",
        (
            '<div class="frame"><table><thead><tr><th>a</th><th>b</th></tr></thead>'
            "<tbody><tr><td>1</td><td>2</td></tr></tbody></table></div>"
        ),
    ]


def test_older_tools_get_a_valid_description_of_the_same_api(plain_api: DepartmentApi) -> None:
    client = TestClient(plain_api)
    newer, older = client.get("/openapi.json").json(), client.get("/openapi-3.0.json").json()
    assert older["openapi"] == "3.0.3"
    OpenAPIV30SpecValidator(older).validate()
    assert {path: set(methods) for path, methods in older["paths"].items()} == {
        path: set(methods) for path, methods in newer["paths"].items()
    }
    assert set(older["components"]["schemas"]) == set(newer["components"]["schemas"])
    assert not nulls(older)
    whole = older["components"]["schemas"]["Assignment"]["properties"]
    assert whole["acknowledged_at"] == {
        "type": "string",
        "format": "date-time",
        "title": "Acknowledged At",
        "nullable": True,
    }
    assert whole["answer"]["allOf"] == [{"$ref": "#/components/schemas/Answer"}]


def nulls(node: Any) -> bool:
    """Whether anything anywhere is of the type null, which 3.0 doesn't know."""
    if isinstance(node, dict):
        return node.get("type") == "null" or any(map(nulls, node.values()))
    return isinstance(node, list) and any(map(nulls, node))
