"""Many texts at once, in memory: what they come to doesn't depend on the order in which they are given."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from app.campaigns.grouping import GROWTH, Grouping
from app.campaigns.wording import Wording

PASSES = 2
"""So often all campaigns are looked at once more; the second time hardly anything moves."""
KEY_LENGTH = 12


def _silent(done: int, of: int) -> None:
    pass


def campaigns_among(texts: Sequence[str], told: Callable[[int, int], None] = _silent) -> list[str | None]:
    """For each text the key of its campaign, None for one that stands alone.

    The keys follow from the texts alone. `told` hears how many texts are done, and of how many.
    """
    wordings = [Wording(text) for text in texts]
    copies = Counter(wording.own_hash for wording in wordings)
    order = sorted(range(len(texts)), key=lambda i: (-copies[wordings[i].own_hash], wordings[i].own_hash, texts[i]))
    shelf = _Memory(texts, wordings)
    grouping = Grouping(shelf)
    for done, id in enumerate(order, start=1):
        grouping.place(id)
        told(done, len(order))
    for _ in range(PASSES):
        for id in order:
            grouping.look_again(id)
    return [shelf.key(id) for id in range(len(texts))]


class _Memory:
    """Texts are known by their place in the list, campaigns by a number of their own."""

    def __init__(self, texts: Sequence[str], wordings: Sequence[Wording]) -> None:
        self._texts, self._wordings = texts, wordings
        self.members: dict[int, set[int]] = {}
        self._of: dict[int, int] = {}
        self._by_hash: dict[str, list[int]] = defaultdict(list)
        self._under: dict[int, set[int]] = defaultdict(set)
        self._keys: dict[int, frozenset[int]] = {}
        self._centres: dict[int, int] = {}
        self._commons: dict[int, Wording] = {}
        self._worked_out: dict[int, int] = {}
        self._last = 0

    def key(self, id: int) -> str | None:
        group = self._of.get(id)
        return None if group is None else self._wordings[self._centres[group]].own_hash[:KEY_LENGTH]

    def rank(self, id: int) -> tuple[str, str]:
        """Orders texts by what they say, so that their places make no difference."""
        return self._wordings[id].own_hash, self._texts[id]

    def take(self, id: int) -> None:
        """Off the shelf, to be placed anew."""
        self._by_hash[self._wordings[id].own_hash].remove(id)
        self._unlist(id)

    def group_of(self, id: int) -> int | None:
        return self._of.get(id)

    def is_centre(self, group: int, id: int) -> bool:
        return self._centres[group] == id

    def text(self, id: int) -> str:
        return self._texts[id]

    def wording(self, id: int) -> Wording:
        return self._wordings[id]

    def copy_of(self, id: int, own_hash: str) -> tuple[int, int | None] | None:
        others = [other for other in self._by_hash[own_hash][:2] if other != id]
        return (others[0], self._of.get(others[0])) if others else None

    def near(self, sought: frozenset[int], most: int) -> list[tuple[int, int | None]]:
        shared = Counter(id for key in sought for id in self._under.get(key, ()))
        best = sorted(shared, key=lambda id: (-shared[id], self.rank(id)))[:most]
        return [(id, self._of.get(id)) for id in best]

    def keep_single(self, id: int, found_under: frozenset[int]) -> None:
        self._shelve(id)
        self._unlist(id)
        self._list(id, found_under)

    def found(self, members: Sequence[int]) -> int:
        self._last += 1
        self.members[self._last] = set()
        self._centres[self._last] = members[0]
        for id in members:
            self.join(self._last, id)
        return self._last

    def join(self, group: int, id: int) -> None:
        self._shelve(id)
        self._unlist(id)
        self.members[group].add(id)
        self._of[id] = group

    def leave(self, group: int, id: int) -> None:
        self.members[group].discard(id)
        del self._of[id]

    def merge(self, group: int, into: int) -> None:
        for id in list(self.members[group]):
            self.leave(group, id)
            self.join(into, id)
        self.dissolve(group)

    def dissolve(self, group: int) -> list[int]:
        if self._of.get(self._centres[group]) == group:
            self._unlist(self._centres[group])
        freed = sorted(self.members[group], key=self.rank)
        for id in freed:
            self.leave(group, id)
        del self.members[group]
        return freed

    def size(self, group: int) -> int:
        return len(self.members[group])

    def is_due(self, group: int) -> bool:
        return self.size(group) >= GROWTH * self._worked_out[group]

    def sample(self, group: int, most: int) -> list[tuple[int, int]]:
        ranked = sorted(self.members[group], key=self.rank)
        copies = Counter(self._wordings[id].own_hash for id in ranked)
        first = {self._wordings[id].own_hash: id for id in reversed(ranked)}
        chosen = sorted(copies, key=lambda own_hash: (-copies[own_hash], own_hash))[:most]
        return [(first[own_hash], copies[own_hash]) for own_hash in chosen]

    def common(self, group: int) -> Wording:
        return self._commons[group]

    def settle(self, group: int, centre: int, common_text: str, found_under: frozenset[int]) -> None:
        if self._of.get(self._centres[group]) == group:
            self._unlist(self._centres[group])
        self._centres[group] = centre
        self._commons[group] = Wording(common_text)
        self._worked_out[group] = self.size(group)
        self._unlist(centre)
        self._list(centre, found_under)

    def _shelve(self, id: int) -> None:
        known = self._by_hash[self._wordings[id].own_hash]
        if id not in known[-1:] and id not in known:
            known.append(id)

    def _list(self, id: int, found_under: frozenset[int]) -> None:
        self._keys[id] = found_under
        for key in found_under:
            self._under[key].add(id)

    def _unlist(self, id: int) -> None:
        for key in self._keys.pop(id, ()):
            self._under[key].discard(id)
