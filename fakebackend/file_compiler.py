"""From one document to its entries: what each item says, and what is wrong with it."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from fakebackend.choice import Choice
from fakebackend.definition import parse_value
from fakebackend.document import Item
from fakebackend.entry import Entry
from fakebackend.entry import new_entry
from fakebackend.findings import Findings
from fakebackend.http_method import STANDARD_METHODS
from fakebackend.http_method import is_method
from fakebackend.http_method import misspelled
from fakebackend.problems import FieldError
from fakebackend.problems import Place
from fakebackend.problems import Problem
from fakebackend.problems import did_you_mean
from fakebackend.problems import kind
from fakebackend.problems import shown
from fakebackend.source_tree import SourceFile
from fakebackend.static_answer import json_answer
from fakebackend.top_level import TOP_LEVEL_KEYS
from fakebackend.url_key import NO_BASE
from fakebackend.url_key import PathMatcher
from fakebackend.url_key import UrlKey
from fakebackend.url_key import is_plain_path
from fakebackend.url_key import parse_url_key
from fakebackend.value_context import NO_DEFAULTS
from fakebackend.value_context import new_context

BEFORE = "$before"

IN_BEFORE = (BEFORE,)

Identity = tuple[object, ...]


@dataclass(slots=True)
class FileContent:
    """What a file holds, or a file with all it includes: each thing under what must be unique about it."""

    entries: dict[Identity, Entry] = field(default_factory=dict)
    before: dict[Identity, Entry] = field(default_factory=dict)
    state: dict[str, tuple[Place, Any]] = field(default_factory=dict)


class FileCompiler:
    """Goes through one document and collects entries, errors and warnings."""

    def __init__(self, source: SourceFile, errors: list[Problem], warnings: list[Problem]) -> None:
        self._document = source.document
        self._file = source.name
        self._folder = os.path.dirname(source.path)
        self._content = FileContent()
        self._errors = errors
        self._warnings = warnings
        self._findings = Findings()  # of the entry at hand; empty between two of them
        self._methods: set[str] = set()
        self._base = self._setting("$base", NO_BASE)
        self._defaults = self._setting("$defaults", NO_DEFAULTS)

    def content(self) -> FileContent:
        """Return what the file holds; what is wrong goes to the errors."""
        entries = self._content.entries
        for item in self._document.items(opened_keys):
            parents = item.parents
            try:
                if len(parents) == 1 and parents != IN_BEFORE:
                    self._entry(item, entries, parents[0], item.key)
                else:
                    self._take(item)
            except FieldError as e:
                self._errors += [self._problem(item, error) for error in e.all()]
        self._errors += self._document.problems
        return self._content

    def _setting(self, key: str, default: Any) -> Any:
        item = self._document.setting(key)
        try:
            return default if item is None else TOP_LEVEL_KEYS[key](item.value)
        except FieldError:
            return default  # reported when its turn comes

    def _take(self, item: Item) -> None:
        key, in_before = item.key, item.parents[:1] == IN_BEFORE
        entries = self._content.before if in_before else self._content.entries
        if len(item.parents) > in_before:
            self._entry(item, entries, item.parents[-1], key)
        elif " " in key:
            method, _, url = key.partition(" ")
            if not is_method(method):
                raise FieldError(_unknown(key, method, in_before=in_before), at_key=True)
            self._entry(item, entries, method, url)
        elif key in TOP_LEVEL_KEYS and not in_before:
            self._reserved(item, key)
        elif is_method(key):
            raise FieldError(f"{key} must hold an object of URL keys, got {kind(item.value)}")
        else:
            raise FieldError(_unknown(key, key, in_before=in_before), at_key=True)

    def _reserved(self, item: Item, key: str) -> None:
        value = TOP_LEVEL_KEYS[key](item.value)
        if key == "$state":
            self._content.state = {n: (self._document.place(item, (n,), at_key=True), v) for n, v in value.items()}

    def _entry(self, item: Item, entries: dict[Identity, Entry], method: str, url: str) -> None:
        if method not in self._methods:
            self._methods.add(method)
            self._warn_of_method(item, method)
        identity: object = url
        key: tuple[Any, ...] | UrlKey = (url, url, (), None)
        # Plain paths and plain data, which nearly all are, go a shorter way to what the long one would give.
        if self._base is not NO_BASE or not is_plain_path(url):
            try:
                key = parse_url_key(url, self._base)
            except FieldError as e:
                self._errors.append(self._problem(item, FieldError(str(e), at_key=True), f"{method} {url}"))
                return
            identity = key.identity
        if self._defaults is NO_DEFAULTS and (written := item.written) is not None and '"$' not in written:
            choice: Choice | None = json_answer(written.encode("utf-8"))
        elif (choice := self._choice(item, f"{method} {url}", key[1])) is None:
            return
        entry = new_entry((method, *key, choice, self._file, item.line))
        if (other := entries.setdefault((method, identity), entry)) is not entry:
            text = f"answers the same requests as {other}; one of them must go"
            self._errors.append(self._problem(item, FieldError(text, at_key=True), entry.label))

    def _choice(self, item: Item, label: str, path: PathMatcher) -> Choice | None:
        findings = self._findings
        try:
            choice = parse_value(item.value, findings, new_context((self._defaults, self._folder, label, path, ())))
        except RecursionError:
            choice = None
            findings.errors.append(FieldError("is nested too deep", at_key=True))
        if findings.errors or findings.warnings:
            self._errors += [self._problem(item, e, label) for e in findings.errors]
            self._warnings += [self._problem(item, e, label) for e in findings.warnings]
            self._findings = Findings()
        return choice

    def _warn_of_method(self, item: Item, method: str) -> None:
        if meant := misspelled(method):
            text = f'unknown method {shown(method)} is taken as it is, did you mean "{meant}"?'
            self._warnings.append(self._problem(item, FieldError(text, at_key=True), method))

    def _problem(self, item: Item, error: FieldError, label: str = "") -> Problem:
        place = self._document.place(item, error.path, at_key=error.at_key)
        return Problem(place, label, str(error))


def opened_keys(path: tuple[str, ...]) -> Callable[[str], bool] | None:
    """Return which keys at a path hold objects of URL keys, or of methods."""
    if not path:
        return lambda key: key == BEFORE or is_method(key)
    return is_method if path == IN_BEFORE else None


def _unknown(key: str, word: str, *, in_before: bool) -> str:
    where = f" in {BEFORE}" if in_before else ""
    if key.startswith(("/", "http://", "https://", "~")):
        return f'unknown key {shown(key)}{where}: a URL key stands under a method, as "GET": {{{shown(key)}: …}}'
    choices = STANDARD_METHODS if in_before else (*STANDARD_METHODS, *TOP_LEVEL_KEYS)
    return f"unknown key {shown(key)}{where}, expected a method{did_you_mean(word, choices)}"
