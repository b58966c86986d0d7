"""What a description of the API promises, and what of it a newer description breaks.

To add is allowed: an operation, a field of an answer, a parameter that may be left out, a code, another way to
show who one is. To take away, to change a kind, to ask for more, or to demand what could be left out is a break.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Described = Mapping[str, Any]


def breaks(old: Described, new: Described) -> list[str]:
    """One line for each broken promise; none when every client of the old description goes on working."""
    return list(_breaks(old, new))


def _breaks(old: Described, new: Described) -> Iterator[str]:
    for code, kind in old["x-problems"].items():
        now = new["x-problems"].get(code)
        if now is None or now["status"] != kind["status"]:
            yield f"problem {code}: gone or with another status"
    for path, methods in old["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            now = new["paths"].get(path, {}).get(method)
            if now is None:
                yield f"{where}: gone"
                continue
            yield from _operation(old, new, where, operation, now)


def _operation(old: Described, new: Described, where: str, was: Described, now: Described) -> Iterator[str]:
    if was["operationId"] != now["operationId"]:
        yield f"{where}: another operationId"
    if any(one not in now["security"] for one in was["security"]):
        yield f"{where}: another scope"
    yield from _parameters(old, new, where, was, now)
    for status in was["responses"]:
        if status.startswith("2") and status not in now["responses"]:
            yield f"{where}: no answer {status}"
    answers = [_schema_of(one["responses"].get("200", {})) for one in (was, now)]
    yield from _given(old, new, f"{where} answer", *answers)
    bodies = [_schema_of(one.get("requestBody", {})) for one in (was, now)]
    yield from _taken(old, new, f"{where} body", *bodies)
    if now.get("requestBody", {}).get("required") and not was.get("requestBody", {}).get("required"):
        yield f"{where}: the body could be left out"


def _parameters(old: Described, new: Described, where: str, was: Described, now: Described) -> Iterator[str]:
    before = {(one["in"], one["name"]): one for one in was.get("parameters", ())}
    after = {(one["in"], one["name"]): one for one in now.get("parameters", ())}
    for key, one in before.items():
        if key not in after:
            yield f"{where}: parameter {key[1]} is gone"
        else:
            yield from _taken(old, new, f"{where} parameter {key[1]}", one["schema"], after[key]["schema"])
    for key, one in after.items():
        if one.get("required") and not before.get(key, {}).get("required"):
            yield f"{where}: parameter {key[1]} is demanded"


def _schema_of(part: Described) -> Described:
    found: Described = part.get("content", {}).get("application/json", {}).get("schema", {})
    return found


def _given(old: Described, new: Described, where: str, was: Described, now: Described) -> Iterator[str]:
    """Of what is answered nothing may go away or become another kind, and nothing become null that never was."""
    yield from _kinds(old, new, where, was, now)
    was, now = _resolved(old, was), _resolved(new, now)
    for name, member in was.get("properties", {}).items():
        if name not in now.get("properties", {}):
            yield f"{where}: {name} is gone"
        else:
            yield from _given(old, new, f"{where}.{name}", member, now["properties"][name])
    if "items" in was and "items" in now:
        yield from _given(old, new, f"{where}[]", was["items"], now["items"])


def _taken(old: Described, new: Described, where: str, was: Described, now: Described) -> Iterator[str]:
    """What could be sent can still be sent, and nothing more must be."""
    yield from _kinds(new, old, where, now, was)
    was, now = _resolved(old, was), _resolved(new, now)
    for bound, less in (("maxLength", True), ("maximum", True), ("maxItems", True), ("minLength", False)):
        if bound in now and (bound not in was or ((now[bound] < was[bound]) == less and now[bound] != was[bound])):
            yield f"{where}: {bound} is stricter"
    if not set(was.get("enum", ())) <= set(now.get("enum", was.get("enum", ()))):
        yield f"{where}: a value is gone"
    if now.get("pattern") not in (None, was.get("pattern")):
        yield f"{where}: another pattern"
    for name in set(now.get("required", ())) - set(was.get("required", ())):
        yield f"{where}: {name} is demanded"
    for name, member in was.get("properties", {}).items():
        if name not in now.get("properties", {}):
            yield f"{where}: {name} is not taken any more"
        else:
            yield from _taken(old, new, f"{where}.{name}", member, now["properties"][name])


def _kinds(old: Described, new: Described, where: str, was: Described, now: Described) -> Iterator[str]:
    """Every kind that the second can be, the first could be, too."""
    if _kinds_of(old, was) and not _kinds_of(new, now) <= _kinds_of(old, was):
        yield f"{where}: another kind"


def _kinds_of(described: Described, schema: Described) -> set[str]:
    if "anyOf" in schema:
        return {kind for one in schema["anyOf"] for kind in _kinds_of(described, one)}
    resolved = _resolved(described, schema)
    return {str(resolved["type"])} if "type" in resolved else set()


def _resolved(described: Described, schema: Described) -> Described:
    others = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if others:
        return _resolved(described, others[0])
    if "$ref" not in schema:
        return schema
    found: Described = described["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return found
