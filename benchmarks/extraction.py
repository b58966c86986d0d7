"""How long and how much memory it takes to read and extract a document of 300 pages and 3,000 clauses.

`python -m benchmarks.extraction` prints one JSON line a format; the promise is under 20 seconds and 500 MB each.
`megabytes` is the largest resident set of the extracting process and of the process that parsed the file.
"""

import io
import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Iterator

import docx

from app.departments.directory import Directory, load_seed
from app.documents.extraction import extract
from app.documents.formats.numerals import counted
from app.documents.sandbox import read_outside

CHAPTERS = 10
ARTICLES = 300
ITEMS = 9
"""Of each article: with the chapters it makes 3,010 clauses."""
LETTERS_A_PAGE = 700
"""Of a page of 22 lines of 28 characters, rounded up."""
_MATTERS = ("街角花园", "公交站亭", "社区食堂", "健身步道", "口袋公园", "旧楼电梯", "路灯照明", "雨水管网")
_DEEDS = ("新建和改造", "登记造册并公开", "每季度检查一次", "委托专业机构养护", "征求居民意见后调整")
_UNITS = ("省住房城乡建设厅", "省民政厅", "省交通运输厅", "省水利厅", "省林草局", "省财政厅", "省文化和旅游厅")


def lines() -> Iterator[str]:
    """A draft in chapters, articles and items, each item with a note of its units."""
    yield "关于建设和管理社区公共设施的办法"
    for article in range(1, ARTICLES + 1):
        if article % (ARTICLES // CHAPTERS) == 1:
            yield f"第{counted(article // (ARTICLES // CHAPTERS) + 1)}章　设施的第{article}批"
        yield f"第{counted(article)}条　{_MATTERS[article % len(_MATTERS)]}按照下列规定建设和管理："
        yield from (f"（{counted(item)}）{_item(article * ITEMS + item)}" for item in range(1, ITEMS + 1))


def _item(number: int) -> str:
    matter, deed = _MATTERS[number % len(_MATTERS)], _DEEDS[number * 7 % len(_DEEDS)]
    first, second = _UNITS[number % len(_UNITS)], _UNITS[(number * 3 + 1) % len(_UNITS)]
    return (
        f"{matter}的第{number * 37 % 9973}处由所在街道{deed}，费用列入当年预算，结果在{number % 28 + 1}个工作日内告知"
        f"提出意见的人。（责任单位：{first}、{second}，各市政府）"
    )


def as_text() -> bytes:
    return "\n".join(lines()).encode()


def as_word() -> bytes:
    document = docx.Document()
    for line in lines():
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


MAKERS: dict[str, Callable[[], bytes]] = {"txt": as_text, "docx": as_word}


def measure(file_format: str, content: bytes) -> None:
    """Run in a process of its own, so that making the document doesn't count."""
    started = time.perf_counter()
    text = read_outside(content, f"document.{file_format}")
    found = extract(text, Directory(load_seed()))
    seconds = time.perf_counter() - started
    kilobytes = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    told = {
        "format": file_format,
        "pages": len(text) // LETTERS_A_PAGE,
        "clauses": len(found.clauses),
        "units": sum(len(clause.units) for clause in found.clauses),
        "seconds": round(seconds, 2),
        "megabytes": [round(size / 1024) for size in kilobytes],
    }
    sys.stdout.write(json.dumps(told) + "\n")


def main() -> None:
    processes = multiprocessing.get_context("spawn")
    for file_format, make in MAKERS.items():
        process = processes.Process(target=measure, args=(file_format, make()))
        process.start()
        process.join()
        if process.exitcode != 0:
            raise SystemExit(1)


if __name__ == "__main__":
    main()
