"""What whoever hands something to the one writer may rely on."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future

import pytest

from app.kit.gathering import LONGEST_WAIT, MOST_OF_A_GROUP, Busy, Gatherer


class Held:
    """Writes numbers; its first group waits until it is let go."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.began, self.go = threading.Event(), threading.Event()

    def write(self, group: Sequence[int]) -> Sequence[int | Exception]:
        self.groups.append(list(group))
        self.began.set()
        assert self.go.wait(60)
        return [ValueError(str(number)) if number < 0 else number * 10 for number in group]


def begun(held: Held, most_waiting: int = 1000) -> "tuple[Gatherer[int, int], Future[int]]":
    """A gatherer that is busy with 1."""
    gatherer: Gatherer[int, int] = Gatherer("test", held.write, most_waiting)
    first = gatherer.put(1)
    assert held.began.wait(60)
    return gatherer, first


def test_what_comes_while_it_writes_is_the_next_group() -> None:
    held = Held()
    gatherer, first = begun(held)
    others = [gatherer.put(number) for number in (2, 3, 4)]
    held.go.set()
    assert [future.result(60) for future in (first, *others)] == [10, 20, 30, 40]
    assert held.groups == [[1], [2, 3, 4]]
    gatherer.close()


def test_in_a_rush_the_next_group_is_gathered_until_it_closes() -> None:
    held = Held()
    held.go.set()
    gatherer: Gatherer[int, int] = Gatherer("test", held.write, 1000, gathering=600)
    assert gatherer.put(1).result(60) == 10
    held.go.clear()
    held.began.clear()
    alone = gatherer.put(2)
    assert held.began.wait(60)
    together = [gatherer.put(number) for number in (3, 4)]
    held.go.set()
    assert [future.result(60) for future in (alone, *together)] == [20, 30, 40]
    later = [gatherer.put(number) for number in (5, 6, 7)]
    gatherer.close()
    assert [future.result(0) for future in later] == [50, 60, 70]
    assert held.groups == [[1], [2], [3, 4], [5, 6, 7]]


def test_a_group_has_its_largest_size() -> None:
    held = Held()
    gatherer, _ = begun(held)
    last = [gatherer.put(number) for number in range(MOST_OF_A_GROUP + 1)][-1]
    held.go.set()
    assert last.result(60) == MOST_OF_A_GROUP * 10
    assert [len(group) for group in held.groups] == [1, MOST_OF_A_GROUP, 1]
    gatherer.close()


def test_each_gets_its_own_answer_or_error() -> None:
    held = Held()
    gatherer, _ = begun(held)
    good, bad = gatherer.put(2), gatherer.put(-2)
    held.go.set()
    assert good.result(60) == 20
    with pytest.raises(ValueError, match="-2"):
        bad.result(60)
    gatherer.close()


def test_where_the_whole_group_fails_all_are_told_and_the_next_is_written() -> None:
    fails = [True]

    def write(group: Sequence[int]) -> Sequence[int | Exception]:
        if fails.pop():
            fails.append(False)
            raise KeyError("broken")
        return [0 for _ in group]

    gatherer: Gatherer[int, int] = Gatherer("test", write, 10)
    with pytest.raises(KeyError):
        gatherer.put(1).result(60)
    assert gatherer.put(2).result(60) == 0
    gatherer.close()


def test_a_full_queue_takes_nothing_more() -> None:
    held = Held()
    gatherer, _ = begun(held, most_waiting=2)
    taken = [gatherer.put(2), gatherer.put(3)]
    with pytest.raises(Busy) as refused:
        gatherer.put(4)
    assert refused.value.seconds >= 1
    held.go.set()
    assert [future.result(60) for future in taken] == [20, 30]
    assert [number for group in held.groups for number in group] == [1, 2, 3]
    gatherer.close()


def test_who_would_wait_too_long_is_told_for_how_long() -> None:
    """By what the groups before took: here each item takes a minute."""
    held, now = Held(), [0.0]

    def write(group: Sequence[int]) -> Sequence[int | Exception]:
        answers = held.write(group)
        now[0] += 60
        return answers

    gatherer: Gatherer[int, int] = Gatherer("test", write, 100, timer=lambda: now[0])
    held.go.set()
    assert gatherer.put(1).result(60) == 10
    held.go.clear()
    held.began.clear()
    busy = gatherer.put(2)
    assert held.began.wait(60)
    waiting = gatherer.put(3)
    with pytest.raises(Busy) as refused:
        gatherer.put(4)
    assert refused.value.seconds > LONGEST_WAIT
    held.go.set()
    assert (busy.result(60), waiting.result(60)) == (20, 30)
    gatherer.close()


def test_who_comes_while_a_group_stands_still_is_sent_away_before_it_has_ended() -> None:
    """A commit that hangs tells nothing by what the groups before it took."""
    held, now = Held(), [0.0]
    gatherer: Gatherer[int, int] = Gatherer("test", held.write, 100, timer=lambda: now[0])
    stuck = gatherer.put(1)
    assert held.began.wait(60)
    now[0] = LONGEST_WAIT
    waiting = gatherer.put(2)
    now[0] = LONGEST_WAIT + 0.5
    with pytest.raises(Busy) as refused:
        gatherer.put(3)
    assert refused.value.seconds == LONGEST_WAIT + 1
    held.go.set()
    assert (stuck.result(60), waiting.result(60)) == (10, 20)
    gatherer.close()
    assert held.groups == [[1], [2]]


@pytest.mark.parametrize("answers", [0, 2])
def test_a_writer_that_answers_for_more_or_fewer_leaves_nobody_waiting_and_goes_on(answers: int) -> None:
    wrong = [True]

    def write(group: Sequence[int]) -> Sequence[int | Exception]:
        return [7] * (answers if wrong.pop() else len(group))

    gatherer: Gatherer[int, int] = Gatherer("test", write, 10)
    with pytest.raises(ValueError, match="zip"):
        gatherer.put(1).result(60)
    wrong.append(False)
    assert gatherer.put(2).result(60) == 7
    gatherer.close()


def test_closing_waits_for_all_that_was_taken() -> None:
    held = Held()
    gatherer, first = begun(held)
    others = [gatherer.put(number) for number in range(600)]
    closing = threading.Thread(target=gatherer.close)
    closing.start()
    held.go.set()
    closing.join(60)
    assert not closing.is_alive()
    assert first.done()
    assert all(future.done() for future in others)
    with pytest.raises(Busy):
        gatherer.put(1)


def test_an_idle_writer_ends_and_begins_again() -> None:
    held = Held()
    held.go.set()
    gatherer: Gatherer[int, int] = Gatherer("idle writer", held.write, 10, idle=0.01)
    for number in range(3):
        assert gatherer.put(number).result(60) == number * 10
        for thread in threading.enumerate():
            if thread.name == "idle writer":
                thread.join(60)
    gatherer.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "idle writer"]


def test_closing_what_never_began_is_nothing() -> None:
    gatherer: Gatherer[int, int] = Gatherer("test", list, 10)
    gatherer.close()
    gatherer.close()
