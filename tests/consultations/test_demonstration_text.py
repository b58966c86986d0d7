"""What the built-in demonstration page promises: a whole page, of our own words."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "app" / "cli" / "demonstration" / "page.txt"
SHARED = ROOT.parent / "shared"

NOTE_STYLES = {
    "round brackets": r"（责任单位：[^（）]+）$",
    "square brackets with lead and cooperating units": r"〔牵头单位：[^〕]+；配合单位：[^〕]+〕$",
    "square brackets": r"〔责任单位：[^〕]+〕$",
    "lead unit in a sentence": r"（[^（）]+牵头，[^（）]+按职责分工负责）$",
    "units in a sentence, no lead": r"（[^（）牵]+按职责分工负责）$",
    "bare line": r"\n  责任单位：[^（）\n]+$",
    "nested bracket": r"（责任单位：[^（）]+（[^（）]+）[^（）]*）$",
    "open list": r"（责任单位：[^（）]+等）$",
    "standing note": r"以下均需[^（）]+不再列出）$",
}


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def clauses(page: str) -> dict[int, str]:
    """Number → heading, text and unit note of each numbered clause of the draft."""
    draft = page[page.index("一、总体要求") : page.index("起草说明\n\n  为便于")]
    pieces = re.split(r"\n  (\d+)\.", draft)
    texts = [re.split(r"\n\n  [（一二三四五]|\n\n辽宁省", piece)[0].strip() for piece in pieces[2::2]]
    return dict(zip(map(int, pieces[1::2]), texts, strict=True))


def test_clauses_run_on_from_one_without_a_gap(clauses: dict[int, str]) -> None:
    assert 12 <= len(clauses) <= 20
    assert list(clauses) == list(range(1, len(clauses) + 1))


def test_each_clause_is_of_readable_length_and_names_a_unit(clauses: dict[int, str]) -> None:
    for number, text in clauses.items():
        assert 80 <= len(text) <= 200, number
        assert re.search(r"责任单位：|牵头|按职责分工负责", text), number


@pytest.mark.parametrize("style", NOTE_STYLES)
def test_each_note_style_occurs(style: str, clauses: dict[int, str]) -> None:
    assert any(re.search(NOTE_STYLES[style], text) for text in clauses.values())


def test_every_clause_is_covered_by_a_listed_note_style(clauses: dict[int, str]) -> None:
    for number, text in clauses.items():
        assert any(re.search(pattern, text) for pattern in NOTE_STYLES.values()), number


@pytest.mark.parametrize(
    "part",
    [
        "友情提示\n\n栏目说明\n",
        "\n参与流程\n",
        "\n意见展示\n",
        "\n注意事项\n",
        "发布时间：2026年11月16日",
        "请于2026年12月31日前",
        "演示用文本",
        "一、总体要求",
        "二、重点任务",
        "三、保障措施",
        "起草说明\n",
        "\n征求意见\n",
    ],
)
def test_the_page_has_each_part_of_a_saved_consultation_page(part: str, page: str) -> None:
    assert part in page


def test_contacts_can_not_be_anybodys(page: str) -> None:
    """Addresses are under an example domain; the local number starts with 0, which no subscriber's does."""
    addresses = re.findall(r"[\w.]+@([\w.]+)", page)
    assert addresses
    assert all(address.endswith(".example.cn") for address in addresses)
    numbers = re.findall(r"(?<!\d)\d{7,}(?!\d)", page)
    assert numbers
    assert all(number.startswith("0000") for number in numbers)


def test_brackets_are_balanced(page: str) -> None:
    for opening, closing in ("（）", "〔〕", "《》", "【】", "“”"):
        assert page.count(opening) == page.count(closing)


def _hanzi_runs(text: str, length: int) -> set[str]:
    """Every run of `length` 汉字 that stands unbroken in the text once white space is taken out."""
    unbroken = re.findall(r"[\u3400-\u9fff\U00020000-\U0003ffff]+", re.sub(r"\s", "", text))
    return {run[start : start + length] for run in unbroken for start in range(len(run) - length + 1)}


def _without_facts(text: str) -> str:
    """The text with department names, their aliases and the page's heading replaced by a stop.

    So a run can neither hold nor bridge one of them. Longest first, so that a name goes before a shorter
    one inside it. Field labels and occupations are facts as well, but marks stand between them:
    no run of 15 can form.
    """
    departments = json.loads((SHARED / "gold" / "departments.json").read_text(encoding="utf-8"))
    form = json.loads((SHARED / "gold" / "form.json").read_text(encoding="utf-8"))
    names = {name for entry in departments for name in (entry["name"], *entry["aliases"])} | {form["page_heading"]}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "。")
    return text


@pytest.mark.shared
def test_no_run_of_fifteen_hanzi_is_shared_with_a_seed(page: str) -> None:
    if not SHARED.is_dir():
        pytest.skip("the background folder is not beside the project")
    seeds = sorted((SHARED / "seeds").glob("*.txt"))
    assert seeds
    own = _hanzi_runs(_without_facts(page), 15)
    assert own
    for seed in seeds:
        theirs = _hanzi_runs(_without_facts(seed.read_text(encoding="utf-8")), 15)
        assert theirs
        assert not own & theirs, seed.name
