"""The description as OpenAPI 3.0.3, for tools that don't read 3.1 yet. Pure.

What 3.0 can't say is said as near as it can: a value that may be null is `nullable`, a constant is an enum of one, the
first of several examples is the example.
"""

from copy import deepcopy
from typing import Any

NOT_IN_30 = ("$defs", "contentMediaType", "contentEncoding", "propertyNames", "$schema", "prefixItems")
NAMES_OF_SCHEMAS = ("schema", "items", "additionalProperties", "not")
LISTS_OF_SCHEMAS = ("anyOf", "oneOf", "allOf")


def as_openapi_30(described: dict[str, Any]) -> dict[str, Any]:
    """A description of the same API; the given one stays as it is."""
    older = deepcopy(described)
    older["openapi"] = "3.0.3"
    older["info"].pop("summary", None)
    older.pop("jsonSchemaDialect", None)
    older.pop("webhooks", None)
    schemas = older["components"]["schemas"]
    older["components"]["schemas"] = {name: _schema(schema) for name, schema in schemas.items()}
    for path in older["paths"].values():
        for operation in path.values():
            _walk(operation)
    return older


def _walk(node: Any) -> None:
    """Finds the schemas of parameters, headers and bodies, wherever they stand."""
    if isinstance(node, list):
        for one in node:
            _walk(one)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name == "schema":
                node[name] = _schema(value)
            elif name not in ("example", "examples"):
                _walk(value)


def _schema(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return schema
    made = {name: value for name, value in schema.items() if name not in NOT_IN_30}
    for name in NAMES_OF_SCHEMAS:
        if name in made:
            made[name] = _schema(made[name])
    if "properties" in made:
        made["properties"] = {name: _schema(value) for name, value in made["properties"].items()}
    for name in LISTS_OF_SCHEMAS:
        if name in made:
            made[name] = [_schema(one) for one in made[name]]
    return _without_null(_said_otherwise(made))


def _said_otherwise(schema: dict[str, Any]) -> dict[str, Any]:
    """Constants, examples and open bounds have other names in 3.0."""
    if "const" in schema:
        schema["enum"] = [schema.pop("const")]
    if "examples" in schema:
        schema["example"] = schema.pop("examples")[0]
    for bound, name in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if not isinstance(schema.get(name, False), bool):
            schema[bound], schema[name] = schema[name], True
    return schema


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """`{"type": "null"}` among several becomes `nullable` of the other; a reference stands alone in 3.0."""
    kinds = schema.get("anyOf", [])
    others = [kind for kind in kinds if kind.get("type") != "null"]
    if kinds and len(others) < len(kinds):
        schema = {name: value for name, value in schema.items() if name != "anyOf"} | {"nullable": True}
        one_kind = others[0] if len(others) == 1 else {"anyOf": others}
        schema = {"allOf": [one_kind], **schema} if "$ref" in one_kind else {**one_kind, **schema}
    if "$ref" in schema and len(schema) > 1:
        schema = {"allOf": [{"$ref": schema["$ref"]}]} | {n: v for n, v in schema.items() if n != "$ref"}
    return schema
