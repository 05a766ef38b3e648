"""The JSON Schema of a responses file, made of the records that the loader goes by.

What depends on whether strings are templates is written twice in `$defs`: as `value` and as `templatedValue`.
Refusals are `if` and `then` rather than `oneOf`, so that editors say what is wrong, and complete what may stand there.
"""

import json
from collections.abc import Iterable
from typing import Any

from fakebackend.answers.bodies import BODY_KINDS
from fakebackend.diagnostics.json_schema import NOTHING
from fakebackend.diagnostics.json_schema import Hover
from fakebackend.diagnostics.json_schema import Schema
from fakebackend.diagnostics.json_schema import one_of
from fakebackend.diagnostics.json_schema import ref
from fakebackend.diagnostics.json_schema import text
from fakebackend.format.file_keys import DEFAULTS
from fakebackend.format.file_keys import FILE_KEYS
from fakebackend.format.keys import COMPANIONS
from fakebackend.format.keys import EXCLUSIVE_KEYS
from fakebackend.format.keys import RESERVED_KEYS
from fakebackend.format.schema_patterns import FIELD_NAME
from fakebackend.format.schema_patterns import FILE_PATTERN
from fakebackend.format.schema_patterns import JSON_PATTERN
from fakebackend.format.schema_patterns import TEXT_PATTERN
from fakebackend.format.schema_patterns import WHEN
from fakebackend.format.schema_patterns import operators
from fakebackend.format.schema_templates import TEMPLATED_DATA
from fakebackend.format.schema_templates import template_definitions
from fakebackend.format.shapes import HEADER_NAME
from fakebackend.format.shapes import PAIRS
from fakebackend.matching.url_pattern import URL_SHAPE
from fakebackend.messages.canned_response import BODILESS
from fakebackend.messages.methods import ANY
from fakebackend.messages.methods import METHOD_SHAPE
from fakebackend.messages.methods import STANDARD_METHODS

_METHOD = f"^{METHOD_SHAPE}$"
_FLAT = f"^{METHOD_SHAPE} {URL_SHAPE}$"
_AS_URL = 'A URL key begins with "/", "http://", "https://", "//" or "~"; a parameter is {name} or {name:int}.'

_FILE = Hover("Responses file", "What fakebackend answers: an object of URL keys for each method.")
_VALUE = Hover(
    "Value",
    "What a request is answered with: any JSON, or an object of words that begin with $.",
    ({"name": "John"}, {"$status": 404, "$body": {"error": "no such user"}}),
)
_URL = Hover(
    "URL key",
    "A path with parameters and a query, maybe with a host, or ~ and a regular expression.",
    ("/users/{id:int}", "/search?q=cats", "https://api.example.com/rates"),
)

_PATTERNS = ("textPattern", "jsonPattern", "filePattern", "textOperators", "jsonOperators")
_PAIRED = ("value", "entries", "urls", "data", "when", *_PATTERNS, *PAIRS)
_TEMPLATED = {f"#/$defs/{name}": f"#/$defs/templated{name[0].upper()}{name[1:]}" for name in _PAIRED}


def responses_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a responses file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_file(), "$defs": _definitions()}


def schema_text() -> str:
    """Return the schema as it stands in the package."""
    return json.dumps(responses_schema(), indent=2, ensure_ascii=False) + "\n"


def with_templates(schema: Any) -> Any:
    """Return a schema as it is where strings are templates: what it refers to stands in `$defs` once more for that."""
    if isinstance(schema, dict):
        return {k: _TEMPLATED.get(v, v) if k == "$ref" else with_templates(v) for k, v in schema.items()}
    return list(map(with_templates, schema)) if isinstance(schema, list) else schema


def _depends(schema: Schema) -> bool:
    return bool(with_templates(schema) != schema)


def _either(template: bool) -> Schema:
    """Return the schema of objects that say themselves whether they have templates."""
    return {"type": "object", "properties": {"$template": {"const": template}}, "required": ["$template"]}


def _any_of(keys: Iterable[str]) -> Schema:
    return {"type": "object", "anyOf": [{"required": [key]} for key in keys]}


_IS_DEFINITION = _any_of(RESERVED_KEYS)
_SUPPORTED = [key for key in RESERVED_KEYS.values() if key.schema != NOTHING]
_DEPENDING = {key.name: key.schema for key in _SUPPORTED if _depends(key.schema)}
"""The keys whose values depend on whether there are templates."""


def _file() -> dict[str, Any]:
    keys = {key.name: key.hover.over({} if _depends(key.schema) else key.schema) for key in FILE_KEYS.values()}
    values = {
        "properties": {"$before": ref("entries"), "$unmatched": ref("value")},
        "patternProperties": {_METHOD: ref("urls"), _FLAT: ref("value")},
    }
    return _FILE.over(
        {
            "type": "object",
            "properties": {**keys, **_methods()},
            "patternProperties": {_METHOD: True, _FLAT: True},
            "additionalProperties": False,
            "if": {"properties": {"$defaults": _either(True)}, "required": ["$defaults"]},
            "then": with_templates(values),
            "else": values,
        }
    )


def _methods() -> dict[str, Any]:
    said = {ANY: "Entries for requests of any method, where no entry names theirs."}
    return {
        method: Hover(method, said.get(method, f"Entries for {method} requests.")).over({})
        for method in (*STANDARD_METHODS, ANY)
    }


def _definitions() -> dict[str, Any]:
    keys = {key.name: key.hover.over({} if key.name in _DEPENDING else key.schema) for key in _SUPPORTED}
    return {
        **_values(),
        "definition": {"if": _IS_DEFINITION, "then": _rules()},
        "keys": {"properties": _DEPENDING},
        "templatedKeys": {
            "properties": with_templates(_DEPENDING),
            "if": _IS_DEFINITION,
            "else": ref("templatedData"),
        },
        **keys,
        "bodiless": _bodiless(),
        "bodilessItem": {**_IS_DEFINITION, "if": {"not": {"required": ["$status"]}}, "then": ref("bodiless")},
        "defaults": _defaults(),
        "urlKey": _URL.over(text(URL_SHAPE, _AS_URL)),
        "headerName": HEADER_NAME,
        "fieldName": FIELD_NAME,
        **template_definitions(),
        **_shapes(),
    }


def _values() -> dict[str, Any]:
    """Return the schemas of values, and of all that holds some: without templates around them, and with."""
    keys = {name: False if key.schema == NOTHING else ref(name) for name, key in RESERVED_KEYS.items()}
    plain, templated = ref("keys"), ref("templatedKeys")
    entries: dict[str, Schema] = {
        "urls": {"type": "object", "propertyNames": ref("urlKey"), "additionalProperties": ref("value")},
        "entries": {
            "type": "object",
            "properties": _methods(),
            "patternProperties": {_METHOD: ref("urls"), _FLAT: ref("value")},
            "additionalProperties": False,
        },
    }
    return {
        "value": _value(keys, {"if": _either(True), "then": templated, "else": plain}),
        "templatedValue": _value(keys, {"if": _either(False), "then": plain, "else": templated}),
        **_twice({name: (schema, schema) for name, schema in entries.items()}),
    }


def _value(keys: Schema, of_keys: Schema) -> dict[str, Any]:
    return _VALUE.over({"properties": keys, "allOf": [ref("definition"), of_keys]})


def _rules() -> Schema:
    """Return what holds for the keys of a definition among themselves."""
    excluding = [
        {"if": {"required": [key]}, "then": {"properties": dict.fromkeys(sorted(EXCLUSIVE_KEYS - {key}), False)}}
        for key in RESERVED_KEYS
        if key in EXCLUSIVE_KEYS
    ]
    companions = [{"if": {"required": [key]}, "then": {"required": [beside]}} for key, beside in COMPANIONS.items()]
    users = {"if": {"required": ["$users"]}, "then": {"properties": {"$handler": {"const": "login"}}}}
    # Behind a `not`, as editors for YAML would show these three as all the values that a status may have.
    has_body = {"not": {"properties": {"$status": {"enum": sorted(BODILESS)}}, "required": ["$status"]}}
    return {
        "propertyNames": one_of(
            [key.name for key in _SUPPORTED], "Beside reserved keys stand only others; plain data goes into $body."
        ),
        "allOf": [*excluding, *companions, users, {"if": has_body, "else": ref("bodiless")}],
    }


def _bodiless() -> Schema:
    """Return what a definition has whose status has no body, nor have its items, unless they have another status."""
    items = {"items": ref("bodilessItem")}
    return {"properties": {**dict.fromkeys((*BODY_KINDS, "$file"), False), "$cases": items, "$sequence": items}}


def _defaults() -> Schema:
    depending = {name: schema for name, schema in _DEPENDING.items() if name in DEFAULTS}
    return {
        "type": "object",
        "properties": {name: ref(name) for name in DEFAULTS},
        "additionalProperties": False,
        "if": _either(True),
        "then": {"properties": with_templates(depending)},
        "else": {"properties": depending},
    }


def _shapes() -> dict[str, Any]:
    alike = {"when": WHEN, "textPattern": TEXT_PATTERN, "jsonPattern": JSON_PATTERN, "filePattern": FILE_PATTERN}
    operands = {"textOperators": True, "jsonOperators": False}
    return _twice(
        {
            "data": ({}, TEMPLATED_DATA),
            **PAIRS,
            **{name: (schema, schema) for name, schema in alike.items()},
            **{
                name: (operators(as_text=as_text, templates=False), operators(as_text=as_text, templates=True))
                for name, as_text in operands.items()
            },
        }
    )


def _twice(pairs: dict[str, tuple[Schema, Schema]]) -> dict[str, Any]:
    """Return schemas without templates by their names, and behind them those with."""
    written: dict[str, Any] = {}
    for name, (plain, templated) in pairs.items():
        written[name] = plain
        written[_TEMPLATED[f"#/$defs/{name}"].rpartition("/")[2]] = with_templates(templated)
    return written
