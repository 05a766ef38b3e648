"""Whether the JSON Schema and the loader agree about a file, and all that the tests and the docs have of those."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.format.compile import compile_tree
from fakebackend.format.file_keys import FILE_KEYS
from fakebackend.format.keys import RESERVED_KEYS
from fakebackend.format.schema import responses_schema
from fakebackend.matching.value_patterns import OPERATORS
from fakebackend.matching.when import WHEN_PARTS
from fakebackend.messages.methods import is_method
from fakebackend.reading.data_file import parse_data
from fakebackend.reading.includes import parse_tree

MORE_THAN_SHAPE = {
    "what lies beside the file": r"there is no such file|leads out of the folder of the responses file",
    "two that are equal": r"answers the same requests|which are the same$|\} is named twice$",
    "the syntax of a template": r"unknown name .* in a template|the template .* is wrong|offered in templates",
    "what a template names": r"needs itself: |is no parameter of the URL key",
    "what is filled in from the URL key": r"which the URL key does not have",
    "the syntax of a regular expression": r"is no regular expression",
    "the syntax of a filter": r"is no filter expression of mitmproxy's",
    "what bytes a text stands for": r"must be base64|percent-encoded bytes that are no UTF-8",
    "which of two times is longer": r"from the shorter to the longer|must not be longer than a day",
    "what is put together with $base": r"names a host, and so does \$base|takes no parameters from \$base",
}
"""Why the schema lets something through that the loader refuses, and what the loader says of it."""

_EXCUSED = re.compile("|".join(f"(?:{said})" for said in MORE_THAN_SHAPE.values()))

_LONGEST = 20_000  # a longer text tests a limit


def _end(pattern: str) -> str:
    """Return a regular expression of a schema as Python has it: in ECMAScript `$` is the very end."""
    return pattern.removesuffix("$") + r"\Z" if pattern.endswith("$") else pattern


def in_python(schema: Any) -> Any:
    """Return a schema with its regular expressions as Python has them."""
    if isinstance(schema, list):
        return list(map(in_python, schema))
    if not isinstance(schema, dict):
        return schema
    written = {key: in_python(part) for key, part in schema.items()}
    if isinstance(pattern := written.get("pattern"), str):
        written["pattern"] = _end(pattern)
    if "patternProperties" in written:
        written["patternProperties"] = {_end(key): part for key, part in written["patternProperties"].items()}
    return written


VALIDATOR = Draft202012Validator(in_python(responses_schema()))


def loader_errors(data: Any) -> list[str]:
    """Return what the loader refuses in a file with this data."""
    try:
        compile_tree(parse_tree(json.dumps(data).encode(), "responses.json"), runs_handlers=False)
    except ResponsesFileError as e:
        return [error.text for error in e.errors]
    return []


def disagreement(data: Any) -> str | None:
    """Return in what schema and loader differ over a file with this data."""
    refused = next(VALIDATOR.iter_errors(data), None)
    errors = loader_errors(data)
    if refused is not None and not errors:
        return f"the schema alone refuses {json.dumps(data)} at {list(refused.absolute_path)}: {refused.message}"
    if refused is None and (wrong := [text for text in errors if not _EXCUSED.search(text)]):
        return f"the loader alone refuses {json.dumps(data)}: {wrong}"
    return None


def files_read_from(written: object) -> Iterator[dict[str, Any]]:
    """Yield the files that an object of a test or a page may be, or be a part of; templates once off, once on."""
    for each in _objects(written):
        if any(key in FILE_KEYS or is_method(key.partition(" ")[0]) for key in each):
            yield each
        for value in _values_read_from(each):
            yield {"GET": {"/{a}/{id}": value}}
            yield {"GET /": value if "$template" in value else {"$template": True, **value}}
            yield {"$defaults": {"$template": True}, "$before": {"*": {"/{x:path}": {"$cases": [value]}}}}


def _objects(written: object) -> Iterator[dict[str, Any]]:
    if isinstance(written, dict) and all(isinstance(key, str) for key in written):
        yield written
    if isinstance(written, dict | list | tuple):
        for part in written.values() if isinstance(written, dict) else written:
            yield from _objects(part)


def _values_read_from(written: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if not RESERVED_KEYS.keys().isdisjoint(written):
        yield written
    if not WHEN_PARTS.keys().isdisjoint(written):
        yield {"$when": written}
    if not OPERATORS.keys().isdisjoint(written):
        for part in ({"json": written}, {"query": {"a": written}}, {"files": {"a": written}}):
            yield {"$when": part}
    if any(key.startswith("$") for key in written):
        yield {"$body": written}


def literals_in(source: Path) -> Iterator[object]:
    """Yield the objects that a Python file writes down, and those that its texts are in JSON or YAML."""
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Dict):
            try:
                yield ast.literal_eval(node)
            except ValueError:  # a part of it is worked out
                continue
        elif isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            text = node.value.encode("utf-8", "replace") if isinstance(node.value, str) else node.value
            yield from data_of(text)


def data_of(text: bytes) -> Iterator[object]:
    """Yield what a text is, as JSON with comments or as YAML, if it is an object."""
    if b":" not in text or len(text) > _LONGEST:
        return
    for ending in (".jsonc", ".yaml"):
        try:
            data = parse_data(text, f"r{ending}")
        except (ResponsesFileError, ValueError, RecursionError):
            continue
        if isinstance(data, dict):
            yield data
            return


def is_json(data: Any) -> bool:
    """Tell whether a value could stand in a file at all."""
    try:
        json.dumps(data, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError):
        return False
    return True
