"""Putting texts of the same content together, one by one. Knows no store: the shelf that it is given does.

A text is never put to a campaign because it is like some member, always because it holds the campaign's common text: so
no chain of small changes leads from one demand to another. What the common text is, is worked out anew as a campaign
grows, from so few members that the thousandth costs what the third did.
"""

from collections.abc import Iterable, Sequence
from typing import Generic, Protocol, TypeVar

from app.campaigns.bands import keys
from app.campaigns.likeness import LEAST_SHARED, LONG_SHARED, Likeness, covering, holds, likeness
from app.campaigns.wording import Piece, Wording

ALGORITHM = 1
"""Grows with every change that would put a text elsewhere; what an older one did is kept until a rebuild."""
LEAST_COPY = 15
"""Letters of a text without content of its own from which on its exact copies are a campaign: 同意 is none."""
NEAR = 40
"""As many that share keys are compared with, those that share most first."""
SAMPLE = 12
GROWTH = 1.5

Id = TypeVar("Id")
Group = TypeVar("Group")


class Shelf(Protocol[Id, Group]):
    """Where texts and campaigns are kept. A single text is one that is in no campaign."""

    def wording(self, id: Id) -> Wording: ...

    def copy_of(self, id: Id, own_hash: str) -> tuple[Id, Group | None] | None:
        """Another text with that hash, and its campaign; one that is in a campaign before others."""

    def near(self, sought: frozenset[int], most: int) -> Sequence[tuple[Id, Group | None]]:
        """Single texts and centres of campaigns that share keys, those that share most first."""

    def keep_single(self, id: Id, found_under: frozenset[int]) -> None: ...

    def found(self, members: Sequence[Id]) -> Group:
        """A new campaign of texts that were single until now; the first of them stands for all."""

    def join(self, group: Group, id: Id) -> None:
        """The text was single, or isn't on the shelf yet."""

    def leave(self, group: Group, id: Id) -> None: ...

    def merge(self, group: Group, into: Group) -> None: ...

    def dissolve(self, group: Group) -> Sequence[Id]:
        """Ends it; answers those that were in it, which are on no shelf until they are placed or kept single."""

    def size(self, group: Group) -> int: ...

    def group_of(self, id: Id) -> Group | None: ...

    def is_centre(self, group: Group, id: Id) -> bool: ...

    def take(self, id: Id) -> None:
        """Off the shelf, to be placed anew; it was single."""

    def is_due(self, group: Group) -> bool:
        """Whether it has grown by GROWTH since its common text was worked out."""

    def sample(self, group: Group, most: int) -> Sequence[tuple[Id, int]]:
        """Members with different words, and how many have the same; always the same ones of the same members."""

    def common(self, group: Group) -> Wording: ...

    def settle(self, group: Group, centre: Id, common_text: str, found_under: frozenset[int]) -> None: ...

    def text(self, id: Id) -> str: ...


class Grouping(Generic[Id, Group]):
    def __init__(self, shelf: Shelf[Id, Group]) -> None:
        self._shelf = shelf
        self._known: dict[tuple[str, str], Likeness] = {}

    def place(self, id: Id) -> None:
        """Puts one text where it belongs: into a campaign, together with others that were single, or alone."""
        shelf, wording = self._shelf, self._shelf.wording(id)
        has_content = wording.weight >= LEAST_SHARED
        if not has_content and len(wording.letters) < LEAST_COPY:
            shelf.keep_single(id, frozenset())
            return
        copy = shelf.copy_of(id, wording.own_hash)
        if copy is not None:
            self._join_copy(id, *copy)
            return
        sought = keys(wording) if has_content else frozenset()
        near = shelf.near(sought, NEAR)
        group = self._best(wording, (group for _, group in near if group is not None))
        if group is not None:
            shelf.join(group, id)
            self._grown(group)
            return
        shelf.keep_single(id, sought)
        self._found(id, wording, [other for other, of in near if of is None and other != id])

    def look_again(self, id: Id) -> None:
        """Puts one that was placed before where it belongs by now. A campaign's centre stays what it stands for."""
        shelf = self._shelf
        group = shelf.group_of(id)
        if group is None:
            shelf.take(id)
            self.place(id)
        elif shelf.is_centre(group, id):
            self._work_out(group)
            self._gather(group)
        elif not self._belongs(shelf.wording(id), shelf.common(group)):
            self.part(group, id)
            shelf.take(id)
            self.place(id)

    def part(self, group: Group, id: Id) -> None:
        """Takes a text out of its campaign, which goes on without it or, when one alone is left, ends."""
        self._leave(group, id)
        if self._shelf.size(group) < 2:
            self._dissolve(group)
        else:
            self._work_out(group)

    def _join_copy(self, id: Id, copy: Id, group: Group | None) -> None:
        if group is None:
            made = self._shelf.found([copy, id])
            self._work_out(made)
            self._gather(made)
        else:
            self._shelf.join(group, id)
            self._grown(group)

    def _best(self, wording: Wording, groups: Iterable[Group]) -> Group | None:
        """Of the campaigns that it may be of, the one of which most stands in it."""
        best, most = None, 0
        for group in dict.fromkeys(groups):
            common = self._shelf.common(group)
            if holds(wording, common):
                found = covering(common, wording).found
                best, most = (group, found) if found > most or best is None else (best, most)
        return best

    def _found(self, id: Id, wording: Wording, singles: Sequence[Id]) -> None:
        like = {other: self._likeness(wording, self._shelf.wording(other)) for other in singles}
        same = [other for other in singles if like[other] is Likeness.SAME]
        akin = [other for other in singles if like[other] is Likeness.AKIN]
        if not same and len(akin) < 2:
            return
        group = self._shelf.found([id, *same, *akin])
        self._work_out(group)
        common = self._shelf.common(group)
        for other in [id, *same, *akin]:
            if not self._belongs(self._shelf.wording(other), common):
                self._leave(group, other)
        left = self._shelf.size(group)
        if left < 2 or (not same and (left < 3 or common.weight < LONG_SHARED)):
            self._dissolve(group)
            return
        self._gather(group)

    def _belongs(self, wording: Wording, common: Wording) -> bool:
        return holds(wording, common) if common.weight >= LEAST_SHARED else wording.own_hash == common.own_hash

    def _grown(self, group: Group) -> None:
        if self._shelf.is_due(group):
            self._work_out(group)
            self._gather(group)

    def _gather(self, group: Group) -> None:
        """What was single and holds the common text comes in; a campaign with the same common text is one with it."""
        shelf, common = self._shelf, self._shelf.common(group)
        if common.weight < LEAST_SHARED:
            return
        merged = False
        for other, of in shelf.near(keys(common), NEAR):
            if of is None and holds(shelf.wording(other), common):
                shelf.join(group, other)
            elif of is not None and of != group and self._are_one(common, shelf.common(of)):
                shelf.merge(of, into=group)
                merged = True
        if merged:
            self._work_out(group)
            self._gather(group)

    def _likeness(self, one: Wording, other: Wording) -> Likeness:
        """Worked out once: singles are compared again whenever they are placed anew."""
        first, second = sorted((one, other), key=lambda wording: wording.own_hash)
        pair = first.own_hash, second.own_hash
        if pair not in self._known:
            self._known[pair] = likeness(first, second)
        return self._known[pair]

    def _are_one(self, common: Wording, other: Wording) -> bool:
        return likeness(common, other) is not Likeness.NONE or holds(other, common)

    def _leave(self, group: Group, id: Id) -> None:
        self._shelf.leave(group, id)
        self._keep_single(id)

    def _keep_single(self, id: Id) -> None:
        wording = self._shelf.wording(id)
        self._shelf.keep_single(id, keys(wording) if wording.weight >= LEAST_SHARED else frozenset())

    def _dissolve(self, group: Group) -> None:
        for id in self._shelf.dissolve(group):
            self._keep_single(id)

    def _work_out(self, group: Group) -> None:
        shelf = self._shelf
        sample = [(id, shelf.wording(id), weight) for id, weight in shelf.sample(group, SAMPLE)]
        centre, wording, _ = max(sample, key=lambda one: _centrality(one[1], [(w, n) for _, w, n in sample]))
        others = [(other, weight) for id, other, weight in sample if id != centre]
        text = common_text(shelf.text(centre), wording, others)
        shelf.settle(group, centre, text, keys(wording) | keys(Wording(text)))


def common_text(text: str, wording: Wording, others: Sequence[tuple[Wording, int]]) -> str:
    """What of the text stands in half of the others, in its own words; all of it where there are none."""
    total = sum(weight for _, weight in others)
    if not total or not wording.content:
        return text
    lost: dict[Piece, int] = dict.fromkeys(wording.content, 0)
    for other, weight in others:
        for piece in covering(wording, other).missing:
            lost[piece] += weight
    shared = {piece for piece in wording.content if lost[piece] * 2 < total}
    if not shared:
        return text
    return _joined(text, wording, [piece for piece in wording.pieces if _stays(wording, piece, shared)])


def _stays(wording: Wording, piece: Piece, shared: set[Piece]) -> bool:
    """A greeting or a general phrase stays where it stands between shared pieces, a quotation beside one."""
    if piece.weight:
        return piece in shared
    before = [one for one in wording.content if one.end <= piece.start][-1:]
    after = [one for one in wording.content if one.start >= piece.end][:1]
    beside = [one in shared for one in before + after]
    return any(beside) if piece.quoted else len(beside) == 2 and all(beside)


def _joined(text: str, wording: Wording, pieces: Sequence[Piece]) -> str:
    """The pieces as they stand in the text, each with the punctuation behind it."""
    following = dict(zip(wording.pieces, wording.pieces[1:], strict=False))
    parts = []
    for piece in pieces:
        start, _ = wording.extent(piece.start, piece.end)
        after = following.get(piece)
        parts.append(text[start : wording.places[after.start] if after else len(text)])
    return "".join(parts).strip()


def _centrality(wording: Wording, sample: Sequence[tuple[Wording, int]]) -> tuple[int, int, str]:
    """The more of it stands in the others the better, then the less it holds besides."""
    found = sum(covering(wording, other).found * weight for other, weight in sample)
    return found, -wording.weight, wording.own_hash
