"""The operator's own head and foot: what may stand in them, and that anything else stops the start with one line."""

from pathlib import Path

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.fragments import ELEMENTS, MOST_BYTES, UnfitFragment, read_fragment
from tests.support.app import serving
from tests.support.journey import StoppedClock, World

GOOD = """<div class="portal-row">
  <img src="/portal/emblem.png" alt="" width="40" height="40">
  <a href="https://www.example.gov.cn/" lang="zh-CN">门户首页</a>
  <nav aria-label="门户导航">
    <ul><li><a href="/zwgk/">政务公开</a></li><li><a href="mailto:a@example.cn">写信</a></li></ul>
  </nav>
</div>"""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "fragment.html"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_without_a_file_there_is_nothing(tmp_path: Path) -> None:
    assert read_fragment("YANLU_HEADER_FILE", None) == ""
    assert read_fragment("YANLU_HEADER_FILE", written(tmp_path, "\n")) == ""


def test_what_is_allowed_comes_out_whole(tmp_path: Path) -> None:
    shown = read_fragment("YANLU_HEADER_FILE", written(tmp_path, GOOD))
    wanted = [(item.tag, dict(item.attrib)) for item in lxml.html.fragment_fromstring(GOOD).iter()]
    assert [(item.tag, dict(item.attrib)) for item in lxml.html.fragment_fromstring(shown).iter()] == wanted
    assert "门户首页" in shown


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ("<p>a</p>\n<script src='/x.js'></script>", "line 2"),
        ("<style>p{}</style>", "<style>"),
        ('<p style="color:red">a</p>', "style is not allowed on <p>"),
        ('<a href="/x" onclick="go()">a</a>', "onclick"),
        ('<a href="javascript:alert(1)">a</a>', "href="),
        ('<a href="java\nscript:alert(1)">a</a>', "href="),
        ('<a href="data:text/html,x">a</a>', "href="),
        ('<a href="//elsewhere.example/">a</a>', "href="),
        ('<a href="/\\elsewhere.example/">a</a>', "href="),
        ('<img src="https://elsewhere.example/a.png" alt="">', "src="),
        ('<img src="//elsewhere.example/a.png" alt="">', "src="),
        ('<img src="data:image/png;base64,xx" alt="">', "src="),
        ('<img src="/a.png">', "<img> needs alt"),
        ('<img srcset="/a.png 1x" src="/a.png" alt="">', "srcset"),
        ("<nav><a href='/'>a</a></nav>", "<nav> needs aria-label"),
        ('<p id="main">a</p>', "id"),
        ('<p class="skip">a</p>', "class="),
        ("<h1>a</h1>", "<h1>"),
        ("<form action='/'><input></form>", "<form>"),
        ("<iframe src='/'></iframe>", "<iframe>"),
        ("<svg><a></a></svg>", "<svg>"),
        ("<p>a</p><!-- b -->", "comments"),
        ("\x01a", "holds no HTML"),
        (b"\xff\xfe", "UTF-8"),
        (b"<p>" + b"a" * MOST_BYTES, "32 KB"),
    ],
)
def test_anything_else_is_refused_in_one_line(tmp_path: Path, bad: str | bytes, told: str) -> None:
    with pytest.raises(UnfitFragment) as refused:
        read_fragment("YANLU_HEADER_FILE", written(tmp_path, bad))
    message = str(refused.value)
    assert message.startswith("YANLU_HEADER_FILE")
    assert told in message
    assert "\n" not in message


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnfitFragment, match="can't be read"):
        read_fragment("YANLU_FOOTER_FILE", tmp_path / "none.html")


PIECES = [
    "<p>",
    "</p>",
    "<script>",
    "<svg>",
    "<math>",
    "<a href=",
    "'/x'",
    ">",
    "<!--",
    "--",
    "<img src=x ",
    "&lt;",
    "alt=''",
    '"',
]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12))
def test_nothing_gets_through_that_is_not_listed(tmp_path_factory: pytest.TempPathFactory, pieces: list[str]) -> None:
    path = written(tmp_path_factory.getbasetemp(), "".join(pieces))
    try:
        shown = read_fragment("YANLU_HEADER_FILE", path)
    except UnfitFragment:
        return
    again = lxml.html.fragment_fromstring(shown or "x", create_parent="div")
    assert {item.tag for item in again.iterdescendants()} <= ELEMENTS


def test_it_stands_inside_our_landmarks_on_public_pages_only(world: World, tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    with serving(world.database, StoppedClock(), header_file=path, footer_file=path) as client:
        page = lxml.html.fromstring(client.get("/").text)
        assert len(page.xpath("//header//nav[@aria-label='门户导航']")) == 1
        assert len(page.xpath("//footer//nav[@aria-label='门户导航']")) == 1
        assert "门户首页" not in client.get("/staff/sign-in").text


def test_a_bad_fragment_stops_the_start(world: World, tmp_path: Path) -> None:
    path = written(tmp_path, "<script></script>")
    with pytest.raises(UnfitFragment), serving(world.database, StoppedClock(), header_file=path):
        pass
