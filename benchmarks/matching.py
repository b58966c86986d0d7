"""How long it takes to read a draft's meaning and to propose clauses for a comment, and how much memory.

`python -m benchmarks.matching` prints one JSON line; the promise is under 300 milliseconds a comment. `megabytes` is
the largest resident set of the process, the model included; `before` is the same before the model was loaded.
"""

import json
import resource
import statistics
import sys
import time
from importlib import resources

from app.departments.directory import Directory, load_seed
from app.documents.extraction import extract
from app.documents.matching import Matcher
from app.documents.matching.embedding import load_model

COMMENTS = (
    "人行道上停满了车，推着婴儿车只能走马路",
    "绿灯太短，老人走到一半就变红了",
    "下雪以后盲道上堆的都是雪，建议谁家门口谁来扫，写清楚电话，别等到结冰了再来",
    "我每天骑车上班，最怕过那座桥，没有骑车的地方，只能和货车挤在一起。能不能划一条道出来，哪怕窄一点，有个隔离桩也好",
    "支持，希望早日实施",
    "我家暖气不热，交了全款，打电话没人管",
)
ROUNDS = 5


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    page = resources.files("app.cli") / "demonstration" / "page.txt"
    clauses = extract(page.read_text(encoding="utf-8"), Directory(load_seed())).clauses
    before, started = _megabytes(), time.perf_counter()
    matcher = Matcher(clauses, model=load_model())
    ready, taken = time.perf_counter(), []
    for number in range(ROUNDS):
        for comment in COMMENTS:
            begun = time.perf_counter()
            matcher.match(f"{comment}（{number}）")
            taken.append(1000 * (time.perf_counter() - begun))
    figures = {
        "clauses": len(clauses),
        "seconds_for_the_draft": round(ready - started, 1),
        "milliseconds_a_comment": round(statistics.median(taken)),
        "milliseconds_at_most": round(max(taken)),
        "megabytes": _megabytes(),
        "before": before,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
