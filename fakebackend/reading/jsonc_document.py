"""A responses file in JSON with comments and commas before closing brackets."""

import re

from fakebackend.reading.json_document import JsonDocument
from fakebackend.reading.json_reader import NO_COMMENTS

_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n\r]*|/\*(?:.*?\*/|.*)|,', re.DOTALL)
_NOT_LINE_ENDS = re.compile(r"[^\n\r]")
_BEFORE_CLOSING = re.compile(r"\s*[}\]]")
_OPENING = frozenset("{[,:")


class JsoncDocument(JsonDocument):
    """Such a text, read as JSON: what JSON has not is made space, so that all places stay as they are."""

    def __init__(self, text: str, file: str) -> None:
        super().__init__(as_json(text), file)

    def _report(self, offset: int, text: str) -> None:
        opened = self._text.startswith("/*", offset)
        instead = "the comment has no end, a */" if opened else "comments are // or /* */"
        super()._report(offset, text.replace(NO_COMMENTS, instead))


def as_json(text: str) -> str:
    """Return the text with space for comments and for commas before closing brackets."""
    return _TOKEN.sub(_without_trailing_comma, _TOKEN.sub(_without_comment, text))


def _without_comment(token: re.Match[str]) -> str:
    """Return a comment as space; one without its end stays, so that the error is there."""
    is_comment = token[0].startswith("//") or (token[0].startswith("/*") and token[0].endswith("*/"))
    return _NOT_LINE_ENDS.sub(" ", token[0]) if is_comment else token[0]


def _without_trailing_comma(token: re.Match[str]) -> str:
    """Return a comma as a space where it stands behind an element and before a closing bracket."""
    if token[0] != "," or not _BEFORE_CLOSING.match(token.string, token.end()):
        return token[0]
    before = token.start() - 1
    while before >= 0 and token.string[before].isspace():
        before -= 1
    return token[0] if before < 0 or token.string[before] in _OPENING else " "
