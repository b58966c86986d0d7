"""A clause of one short sentence, which is read as its heading, is still the same clause with some words put in."""

from app.departments.directory import Directory, load_seed
from app.documents.comparison import Relation, compare
from app.documents.extraction import extract
from tests.support.journey import DRAFT


def test_words_put_into_a_short_clause_leave_it_the_same_clause() -> None:
    directory = Directory(load_seed())
    final = DRAFT.replace("，费用由各方", "，配齐餐具，费用由各方")
    rows = compare(extract(DRAFT, directory), extract(final, directory)).clauses
    assert [row.relation for row in rows] == [Relation.KEPT] * len(rows)
