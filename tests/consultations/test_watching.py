"""The list of words that staff want to be told of."""

import pytest

from app.consultations import queries, watching
from app.kit.database import Database
from app.kit.errors import NotFound, Unprocessable
from tests.support.journey import OPERATOR, START
from tests.support.refusals import refused


def watch(database: Database, word: str, remark: str = "") -> None:
    with database.writing() as session:
        watching.watch_word(session, OPERATOR, START, word, remark)


def words_of(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return queries.watched_words(session)


def test_a_word_is_watched_until_it_is_taken_off(database: Database) -> None:
    watch(database, " 专班 ", " 用正式名称 ")
    watch(database, "ABC")
    watch(database, "专班", "新的备注")
    assert list(words_of(database).items()) == [("ABC", ""), ("专班", "新的备注")]
    with database.writing() as session:
        watching.unwatch_word(session, OPERATOR, START, "专班")
    assert words_of(database) == {"ABC": ""}
    error = refused(database, lambda s: watching.unwatch_word(s, OPERATOR, START, "专班"))
    assert (type(error), error.code) == (NotFound, "no_such_watched_word")


@pytest.mark.parametrize("word", ["", " \n", "词" * 61, "两\n行"])
def test_a_word_stands_on_one_line(database: Database, word: str) -> None:
    error = refused(database, lambda s: watching.watch_word(s, OPERATOR, START, word, ""))
    assert (type(error), error.code) == (Unprocessable, "watched_word_form")


def test_a_remark_is_short(database: Database) -> None:
    error = refused(database, lambda s: watching.watch_word(s, OPERATOR, START, "词", "备" * 201))
    assert error.code == "watched_remark_too_long"
