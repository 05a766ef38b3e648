"""From a file's bytes to a document: which syntax, and is it text at all."""

import codecs
from collections.abc import Callable
from pathlib import PurePath

from fakebackend.diagnostics.diagnostic import Diagnostic
from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.diagnostics.location import Location
from fakebackend.reading.document import Document
from fakebackend.reading.json_document import JsonDocument
from fakebackend.reading.jsonc_document import JsoncDocument


def _yaml(text: str, file: str) -> Document:
    from fakebackend.reading.yaml_document import YamlDocument  # noqa: PLC0415  # most files are JSON, and start sooner

    return YamlDocument(text, file)


SYNTAXES: dict[str, Callable[[str, str], Document]] = {".jsonc": JsoncDocument, ".yaml": _yaml, ".yml": _yaml}
"""File name endings and what makes a document of such a file's text; everything else is JSON."""


ENDINGS = (".json", *SYNTAXES)
"""The endings that a responses file's name is expected to have."""


def has_known_ending(file: str) -> bool:
    """Tell whether a name ends as a responses file's is expected to, in any letter case."""
    return PurePath(file).suffix.lower() in ENDINGS


def parse_document(content: bytes, file: str, path: str = "") -> Document:
    """Return the document in the bytes of `file`, which is a path or a name to show; then `path` says the syntax.

    Raises `ResponsesFileError` if the bytes are no UTF-8 text.
    """
    syntax = SYNTAXES.get(PurePath(path or file).suffix.lower(), JsonDocument)
    return syntax(decode_text(content, file), file)


def decode_text(content: bytes, file: str) -> str:
    """Return the text in the bytes of `file`, without its byte order mark.

    Raises `ResponsesFileError` if they are no UTF-8 text.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ResponsesFileError([Diagnostic(Location(file), "", "the file must be UTF-8, this looks like UTF-16")])
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as e:
        before = content[: e.start].decode("utf-8").rpartition("\n")
        place = Location(file, before[0].count("\n") + bool(before[1]) + 1, len(before[2]) + 1)
        raise ResponsesFileError([Diagnostic(place, "", f"byte 0x{content[e.start]:02x} is not UTF-8")]) from None
