"""From a document to a table: which items are entries, what they say, and what is wrong with them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fakebackend.definition import Findings
from fakebackend.definition import parse_value
from fakebackend.document import Document
from fakebackend.document import Item
from fakebackend.entry import Entry
from fakebackend.entry_table import EntryTable
from fakebackend.http_method import STANDARD_METHODS
from fakebackend.http_method import is_method
from fakebackend.http_method import misspelled
from fakebackend.problems import FieldError
from fakebackend.problems import Problem
from fakebackend.problems import ResponsesFileError
from fakebackend.problems import did_you_mean
from fakebackend.problems import kind
from fakebackend.problems import shown
from fakebackend.syntax import parse_document
from fakebackend.url_key import parse_url_key


@dataclass(frozen=True, slots=True)
class Compiled:
    """A usable file: its table, and what is odd about it but no error."""

    table: EntryTable
    warnings: tuple[Problem, ...]


def compile_file(content: bytes, file: str) -> Compiled:
    """Return the table that the bytes of a responses file describe.

    Raises `ResponsesFileError` with every problem of the file.
    """
    return _Compiler(parse_document(content, file), file).compiled()


def _not_supported(key: str) -> Callable[[Any], None]:
    def parse(_: Any) -> None:
        raise FieldError(f"{key} is not supported yet", at_key=True)

    return parse


def _ignored(_: Any) -> None:
    pass


TOP_LEVEL_KEYS: dict[str, Callable[[Any], None]] = {
    "$schema": _ignored,
    **{key: _not_supported(key) for key in ("$include", "$base", "$defaults", "$before", "$state")},
}
"""Every key beside methods that a file may have, with the function that takes its value."""


class _Compiler:
    """Goes through one document and collects entries, errors and warnings."""

    def __init__(self, document: Document, file: str) -> None:
        self._document = document
        self._file = file
        self._entries: dict[tuple[str, str], Entry] = {}
        self._errors: list[Problem] = []
        self._warnings: list[Problem] = []
        self._methods: set[str] = set()

    def compiled(self) -> Compiled:
        """Return the outcome, or raise what is wrong."""
        for item in self._document.items(lambda path: len(path) == 1 and is_method(path[0])):
            try:
                self._take(item)
            except FieldError as e:
                self._errors.append(self._problem(item, e))
        errors = [*self._document.problems, *self._errors]
        if errors:
            raise ResponsesFileError(sorted(errors, key=lambda problem: problem.place))
        return Compiled(EntryTable(list(self._entries.values())), tuple(self._warnings))

    def _take(self, item: Item) -> None:
        key = item.path[0]
        if len(item.path) == 2:
            self._entry(item, key, item.path[1])
        elif " " in key:
            method, _, url = key.partition(" ")
            if not is_method(method):
                raise FieldError(_unknown(key, method), at_key=True)
            self._entry(item, method, url)
        elif key in TOP_LEVEL_KEYS:
            TOP_LEVEL_KEYS[key](item.value)
        elif is_method(key):
            raise FieldError(f"{key} must hold an object of URL keys, got {kind(item.value)}")
        else:
            raise FieldError(_unknown(key, key), at_key=True)

    def _entry(self, item: Item, method: str, url: str) -> None:
        if method not in self._methods:
            self._methods.add(method)
            self._warn_of_method(item, method)
        url_key = parse_url_key(url)
        findings = Findings([], [])
        answer = parse_value(item.value, findings)
        self._errors += [self._problem(item, e, f"{method} {url}") for e in findings.errors]
        self._warnings += [self._problem(item, e, f"{method} {url}") for e in findings.warnings]
        if answer is None:
            return
        entry = Entry(method, url, url_key.path, self._file, item.line, answer)
        other = self._entries.setdefault((method, entry.path), entry)
        if other is not entry:
            raise FieldError(f"{entry.label} is the same as {other}; one of them must go", at_key=True)

    def _warn_of_method(self, item: Item, method: str) -> None:
        if meant := misspelled(method):
            text = f'unknown method {shown(method)} is taken as it is, did you mean "{meant}"?'
            self._warnings.append(self._problem(item, FieldError(text, at_key=True)))

    def _problem(self, item: Item, error: FieldError, entry: str = "") -> Problem:
        place = self._document.place(item, error.path, at_key=error.at_key)
        return Problem(place, entry or " ".join(item.path[:2] if len(item.path) > 1 else ()), str(error))


def _unknown(key: str, word: str) -> str:
    if key.startswith(("/", "http://", "https://", "~")):
        return f'unknown key {shown(key)}: a URL key stands under a method, as "GET": {{{shown(key)}: …}}'
    return f"unknown key {shown(key)}, expected a method{did_you_mean(word, (*STANDARD_METHODS, *TOP_LEVEL_KEYS))}"
