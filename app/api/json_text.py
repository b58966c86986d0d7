"""Reading a JSON body strictly: what two readers could understand in two ways is refused. Pure."""

import json
from collections.abc import Iterable
from typing import Any, NoReturn

from app.kit.errors import DomainError

MOST_NESTED = 20


class MalformedJson(DomainError):
    code = "malformed_json"


def parse(body: bytes) -> Any:
    """The JSON value of the bytes (RFC 8259).

    Raises MalformedJson: `bad_encoding` for bytes that are not UTF-8, `duplicate_name` for a name twice in one object,
    `malformed_json` for anything else, NaN and unpaired surrogates among it. A leading byte order mark is ignored.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MalformedJson("bad_encoding") from error
    try:
        value = json.loads(text, object_pairs_hook=_each_name_once, parse_constant=_refuse_constant)
        _refuse_deep(value)
        json.dumps(value, ensure_ascii=False).encode()  # fails on an unpaired surrogate, which no store can keep
    except (ValueError, RecursionError) as error:
        raise MalformedJson from error
    return value


def _refuse_deep(value: Any) -> None:
    """Raises ValueError for more than MOST_NESTED arrays and objects within each other."""
    level = [value]
    for _ in range(MOST_NESTED):
        level = [inner for outer in level for inner in _within(outer)]
    if any(isinstance(one, (list, dict)) for one in level):
        raise ValueError("too deep")


def _within(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise MalformedJson("duplicate_name")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
