"""The reference, made from the description of the API: what each operation asks, and what it answers. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from app.api.docs.field_words import FIELDS
from app.api.docs.markdown import inline
from app.api.docs.words import OPERATIONS
from app.api.languages import Language

DEEPEST = 3
FORM = "application/x-www-form-urlencoded"
EXAMPLES: Mapping[str, Any] = {
    "date-time": "2026-05-11T01:30:00Z",
    "uuid": "019371f0-6f1e-7c3a-9b57-2f6f1c1d9a10",
    "integer": 1,
    "number": 1,
    "boolean": False,
}
"""By format or type, where the description gives none."""
Description = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """One parameter or member. `name` has its way in the body before it, such as `errors[].field`."""

    name: str
    kind: str
    required: bool
    words: Markup


@dataclass(frozen=True)
class Operation:
    """One route with one method, with everything that its page part shows."""

    id: str
    title: str
    method: str
    path: str
    words: Sequence[Markup]
    scope: str
    deprecated: bool
    parameters: Sequence[Field]
    body: Sequence[Field]
    answer: Sequence[Field]
    problems: Sequence[tuple[str, str]]
    request: str
    example: str


@dataclass(frozen=True)
class Group:
    """Operations that belong together."""

    name: str
    words: Markup
    operations: Sequence[Operation]


def groups(described: Description, language: Language, base: str) -> list[Group]:
    """All operations by their tags; `base` is the address that requests begin with."""
    made = []
    for tag in described["tags"]:
        operations = [
            _operation(described, language, base, path, method, operation)
            for path, methods in described["paths"].items()
            for method, operation in methods.items()
            if tag["name"] in operation["tags"]
        ]
        made.append(Group(tag["name"], inline(tag["description"]), operations))
    return [group for group in made if group.operations]


def _operation(
    described: Description, language: Language, base: str, path: str, method: str, operation: Description
) -> Operation:
    body = _content(operation.get("requestBody", {}))
    answer = _content(operation["responses"].get("200", {}))
    chinese = OPERATIONS[operation["operationId"]]
    words = operation["description"].split("\n\n") if language == "en" else [chinese[1]]
    return Operation(
        id=operation["operationId"],
        title=chinese[0] if language == "zh" else operation["operationId"].replace("_", " ").capitalize(),
        method=method.upper(),
        path=path,
        words=[inline(" ".join(part.split())) for part in words],
        scope=next(iter(next(iter(operation["security"][0].values()))), ""),
        deprecated=bool(operation.get("deprecated")),
        parameters=[_parameter(described, language, one) for one in operation.get("parameters", ())],
        body=list(_fields(described, language, body.get("schema", {}))),
        answer=list(_fields(described, language, answer.get("schema", {}))),
        problems=_problems(operation),
        request=_token_curl(base, path)
        if _is_form(operation)
        else _curl(described, base, path, method, body.get("schema")),
        example=_written(_example(described, answer.get("schema", {}))),
    )


def _content(part: Description) -> Description:
    content = part.get("content", {})
    kinds = ("application/json", "multipart/form-data", FORM)
    found: Description = next((content[kind] for kind in kinds if kind in content), {})
    return found


def _problems(operation: Description) -> list[tuple[str, str]]:
    """(Status, code), in the order of statuses."""
    return [
        (status, code)
        for status, response in sorted(operation["responses"].items())
        if status not in ("200", "304", "default")
        for media in response["content"].values()
        for code in media["examples"]
    ]


def _parameter(described: Description, language: Language, one: Description) -> Field:
    schema = one["schema"]
    words = _in(language, one.get("description") or schema.get("description", ""))
    return Field(one["name"], _kind(described, schema), one.get("required", False), words)


def _in(language: Language, words: str) -> Markup:
    return inline(FIELDS.get(words, words) if language == "zh" else words)


def _fields(
    described: Description, language: Language, schema: Description, prefix: str = "", depth: int = 0
) -> Iterator[Field]:
    """Members of an object and, a little way down, of what is in it."""
    resolved = _resolved(described, schema)
    if resolved.get("type") == "array":
        yield from _fields(described, language, resolved["items"], f"{prefix}[]", depth)
        return
    for name, member in resolved.get("properties", {}).items():
        full = f"{prefix}.{name}" if prefix else name
        required = name in resolved.get("required", ())
        yield Field(full, _kind(described, member), required, _in(language, member.get("description", "")))
        if depth + 1 < DEEPEST:
            yield from _fields(described, language, member, full, depth + 1)


def _kind(described: Description, schema: Description) -> str:
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_kind(described, one) for one in schema["anyOf"]))
    resolved = _resolved(described, schema)
    if "enum" in resolved:
        return " · ".join(map(str, resolved["enum"]))
    kind = str(resolved.get("type", "object"))
    if kind == "array":
        return f"[{_kind(described, resolved['items'])}]"
    return f"{kind} ({resolved['format']})" if "format" in resolved else kind


def _resolved(described: Description, schema: Description) -> Description:
    """What a reference leads to; of several kinds the one that isn't null."""
    if "anyOf" in schema:
        others = [one for one in schema["anyOf"] if one.get("type") != "null"]
        return _resolved(described, others[0]) if others else schema
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Description = described["components"]["schemas"][reference.rsplit("/", 1)[1]]
    return found


def _example(described: Description, schema: Description) -> Any:
    """An example that is given, or one made of those of the parts."""
    resolved = _resolved(described, schema)
    given = schema.get("examples") or resolved.get("examples") or resolved.get("enum")
    if given:
        return given[0]
    if any(one.get("type") == "null" for one in schema.get("anyOf", ())):
        return None
    if resolved.get("type") == "object":
        return {name: _example(described, member) for name, member in resolved.get("properties", {}).items()}
    if resolved.get("type") == "array":
        return [_example(described, resolved["items"])]
    return EXAMPLES.get(resolved.get("format") or resolved.get("type", ""), "…")


def _is_form(operation: Description) -> bool:
    return FORM in operation.get("requestBody", {}).get("content", {})


def _token_curl(base: str, path: str) -> str:
    lines = ['curl -sS -u "$CLIENT_ID:$CLIENT_SECRET"', "-d grant_type=client_credentials", f'"{base}{path}"']
    return " \\\n  ".join(lines)


def _curl(described: Description, base: str, path: str, method: str, body: Description | None) -> str:
    lines = [f'curl -sS {"-X POST " if method == "post" else ""}-H "Authorization: Bearer $YANLU_KEY"']
    if body is not None:
        resolved = _resolved(described, body)
        needed = {
            name: _example(described, member)
            for name, member in resolved.get("properties", {}).items()
            if name in resolved.get("required", ())
        }
        if "format" in resolved.get("properties", {}).get("file", {}):
            lines.append('-F "file=@签批件.pdf"')
        elif needed:
            lines += ['-H "Content-Type: application/json"', f"-d '{json.dumps(needed, ensure_ascii=False)}'"]
    return " \\\n  ".join([*lines, f'"{base}{path}"'])


def _written(example: Any) -> str:
    return json.dumps(example, ensure_ascii=False, indent=2)
