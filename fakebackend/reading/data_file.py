"""Data beside a responses file: JSON, YAML, CSV or text, as its ending says."""

import csv
import io
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from fakebackend.diagnostics.diagnostic import Diagnostic
from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.diagnostics.location import LineIndex
from fakebackend.diagnostics.location import Location
from fakebackend.reading.detect import decode_text
from fakebackend.reading.json_reader import JsonReader
from fakebackend.reading.json_reader import JsonSyntaxError
from fakebackend.reading.jsonc_document import as_json


def parse_data(content: bytes, file: str) -> Any:
    """Return the value that the bytes of a file hold; `file` is a name to show.

    Raises `ResponsesFileError` with the first thing that is wrong.
    """
    return _KINDS.get(PurePath(file).suffix.lower(), _text)(decode_text(content, file), file)


def _text(text: str, _: str) -> str:
    return text


def _json(text: str, file: str) -> Any:
    def report(offset: int, problem: str) -> None:
        raise ResponsesFileError([Diagnostic(LineIndex(file, text).location(offset), "", problem)])

    reader = JsonReader(text)
    try:
        reader.peek()
        value = reader.value(report)
        if reader.peek():
            report(reader.offset, "the file holds one JSON value, and there is more behind it")
    except JsonSyntaxError as e:
        report(e.offset, str(e))
    return value


def _jsonc(text: str, file: str) -> Any:
    return _json(as_json(text), file)


def _yaml(text: str, file: str) -> Any:
    from fakebackend.reading.yaml_document import parse_yaml_value  # noqa: PLC0415  # most files are JSON

    return parse_yaml_value(text, file)


def _csv(text: str, file: str) -> list[dict[str, str]]:
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        names = next(rows, [])
        result = []
        for row in rows:
            if len(row) > len(names):
                raise csv.Error(f"has {len(row)} values, and there are {len(names)} names in line 1")
            if row:  # an empty line is none
                result.append(dict(zip(names, row + [""] * (len(names) - len(row)), strict=True)))
    except csv.Error as e:
        raise ResponsesFileError([Diagnostic(Location(file, rows.line_num, 1), "", str(e))]) from None
    return result


_KINDS: dict[str, Callable[[str, str], Any]] = {
    ".csv": _csv,
    ".json": _json,
    ".jsonc": _jsonc,
    ".yaml": _yaml,
    ".yml": _yaml,
}
"""File name endings and what reads the text of such a file; everything else is text."""
