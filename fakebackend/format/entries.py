"""From one document to its entries: what each item says, and what is wrong with it."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from fakebackend.answers.bodies import JSON_TYPE
from fakebackend.answers.head import DefaultStatus
from fakebackend.answers.let import Let
from fakebackend.answers.selection import Alternative
from fakebackend.diagnostics.diagnostic import Diagnostic
from fakebackend.diagnostics.diagnostics import Diagnostics
from fakebackend.diagnostics.location import Location
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import did_you_mean
from fakebackend.diagnostics.wording import format_value
from fakebackend.diagnostics.wording import json_type_name
from fakebackend.format.definition import parse_value
from fakebackend.format.file_keys import DEFAULTS
from fakebackend.format.file_keys import FILE_KEYS
from fakebackend.format.file_keys import parse_good_defaults
from fakebackend.format.key_parsers import name_of
from fakebackend.format.keys import RESERVED_KEYS
from fakebackend.format.likely_slips import may_be_slip
from fakebackend.format.scope import NO_DEFAULTS
from fakebackend.format.scope import Defaults
from fakebackend.format.scope import Scope
from fakebackend.matching.foreign_spelling import foreign_spelling
from fakebackend.matching.foreign_spelling import may_be_foreign
from fakebackend.matching.literal_path import LiteralPath
from fakebackend.matching.path import Path
from fakebackend.matching.url_pattern import NO_BASE
from fakebackend.matching.url_pattern import UrlPattern
from fakebackend.matching.url_pattern import is_plain_path
from fakebackend.matching.url_pattern import parse_url_pattern
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.canned_response import canned_response
from fakebackend.messages.methods import STANDARD_METHODS
from fakebackend.messages.methods import is_method
from fakebackend.messages.methods import misspelled
from fakebackend.messages.methods import several_methods
from fakebackend.reading.document import Item
from fakebackend.reading.includes import SourceFile
from fakebackend.table.entry import Entry
from fakebackend.table.unmatched import Unmatched
from fakebackend.templating.load_files import LoadFolder
from fakebackend.templating.slow_regex import NESTED
from fakebackend.templating.slow_regex import has_nested_quantifiers

BEFORE = "$before"
UNMATCHED = "$unmatched"

IN_BEFORE = (BEFORE,)

_WITHOUT_SPACE = re.compile(r"([A-Z]+|\*)\s*(/.*)")

_PLAIN_PATH = UrlPattern("", LiteralPath(""))
"""Stands for a key that is nothing but a literal path."""

DedupKey = tuple[str, object]
"""The method and what is equal for two URL keys that match exactly the same requests."""


@dataclass(slots=True)
class FileContent:
    """What a file holds, or a file with all it includes: each thing under what must be unique about it."""

    entries: dict[DedupKey, Entry] = field(default_factory=dict)
    before: dict[DedupKey, Entry] = field(default_factory=dict)
    state: dict[str, tuple[Location, Any]] = field(default_factory=dict)
    unmatched: Unmatched | None = None


class FileCompiler:
    """Goes through one document and collects entries, errors and warnings."""

    def __init__(
        self,
        source: SourceFile,
        errors: list[Diagnostic],
        warnings: list[Diagnostic],
        *,
        private: set[str] | None = None,
        runs_handlers: bool = True,
        added: int = 0,
    ) -> None:
        self._added = added
        self._folder = os.path.dirname(source.path)
        self._private = private
        self._load_folder = LoadFolder(self._folder, () if private is None else private, is_confined=bool(added))
        self._runs_handlers = runs_handlers
        self._document = source.document
        self._lines = source.document.lines
        self._content = FileContent()
        self._errors = errors
        self._warnings = warnings
        self._methods: set[str] = set()
        self._base = self._setting("$base", NO_BASE)
        self._defaults = self._setting("$defaults", NO_DEFAULTS)

    def content(self) -> FileContent:
        """Return what the file holds; what is wrong goes to the errors."""
        entries = self._content.entries
        for item in self._document.items(container_keys):
            parents = item.parents
            try:
                if len(parents) == 1 and parents != IN_BEFORE:
                    self._entry(item, entries, parents[0], item.key)
                else:
                    self._take(item)
            except ValidationError as e:
                self._errors += [self._diagnostic(item, error) for error in e.all()]
        self._errors += self._document.errors
        return self._content

    def _setting(self, key: str, default: Any) -> Any:
        item = self._document.setting(key)
        try:
            return default if item is None else FILE_KEYS[key].parse(item.value, self._load_folder)
        except ValidationError:  # reported when its turn comes
            return parse_good_defaults(item.value, self._load_folder) if item and key == "$defaults" else default

    def _take(self, item: Item) -> None:
        key, in_before = item.key, item.parents[:1] == IN_BEFORE
        entries = self._content.before if in_before else self._content.entries
        if len(item.parents) > in_before:
            self._entry(item, entries, item.parents[-1], key)
        elif " " in key:
            method, _, url = key.partition(" ")
            if not is_method(method):
                raise ValidationError(_unknown(key, method, in_before=in_before), at_key=True)
            self._entry(item, entries, method, url)
        elif key in FILE_KEYS and not in_before:
            self._reserved(item, key)
        elif is_method(key):
            raise ValidationError(f"{key} must hold an object of URL keys, got {json_type_name(item.value)}")
        else:
            raise ValidationError(_unknown(key, key, in_before=in_before), at_key=True)

    def _reserved(self, item: Item, key: str) -> None:
        value = FILE_KEYS[key].parse(item.value, self._load_folder)
        if key == "$state":
            self._content.state = {n: (self._document.location(item, (n,), at_key=True), v) for n, v in value.items()}
        elif key == UNMATCHED:
            self._unmatched(item)

    def _unmatched(self, item: Item) -> None:
        head = self._defaults.head._replace(status=DefaultStatus())
        alternative = self._alternative(item, UNMATCHED, LiteralPath(""), self._defaults._replace(head=head))
        if alternative is not None:
            self._content.unmatched = Unmatched(alternative, self._lines.location(item.offset), name_of(item.value))

    def _entry(self, item: Item, entries: dict[DedupKey, Entry], method: str, url: str) -> None:
        if method not in self._methods:
            self._methods.add(method)
            self._warn_of_method(item, method)
        pattern = _PLAIN_PATH if self._is_plain(url) else self._pattern(item, method, url)
        if pattern is None:
            return
        if (alternative := self._plain_response(item)) is None:
            within = f"{BEFORE} " if entries is self._content.before else ""
            alternative = self._alternative(item, f"{method} {url}", pattern.path, self._defaults, within)
        if alternative is None:
            return
        dedup_key: object
        name = name_of(item.value)
        if pattern is _PLAIN_PATH:
            entry, dedup_key = Entry(method, url, None, (), None, alternative, self._lines, item.offset, name), url
        else:
            entry = Entry(method, *pattern, alternative, self._lines, item.offset, name)
            dedup_key = pattern.dedup_key
        if (other := entries.setdefault((method, dedup_key), entry)) is not entry:
            text = f"answers the same requests as {other}; one of them must go"
            self._errors.append(self._diagnostic(item, ValidationError(text, at_key=True), entry.label))

    def _is_plain(self, url: str) -> bool:
        """Tell whether a URL key is a path that means just itself, as nearly every one does.

        Then there is nothing to parse, and the result is what parsing would give; see
        `test_a_plain_path_is_taken_as_the_parser_would`.
        """
        return self._base is NO_BASE and is_plain_path(url) and not may_be_foreign(url)

    def _pattern(self, item: Item, method: str, url: str) -> UrlPattern | None:
        """Return what a URL key asks for, or None after adding to the errors."""
        try:
            pattern = parse_url_pattern(url, self._base)
            warning = foreign_spelling(url)
            if url.startswith("~") and has_nested_quantifiers(url[1:]):
                warning = f"{format_value(url)} {NESTED}"
            if warning is not None:
                said = ValidationError(warning, at_key=True)
                self._warnings.append(self._diagnostic(item, said, f"{method} {url}"))
            return pattern
        except ValidationError as e:
            error = ValidationError(str(e), at_key=True)
            self._errors.append(self._diagnostic(item, error, f"{method} {url}"))
            return None

    def _plain_response(self, item: Item) -> Alternative | None:
        """Return the response of plain data that was written as JSON already, else None.

        That is most of a large file, and half the time of reading one. It gives what `parse_value` would; see
        `test_plain_data_is_taken_as_a_value_would_be`.
        """
        written = item.written
        if self._defaults is not NO_DEFAULTS or written is None or '"$' in written or may_be_slip(written):
            return None
        return canned_response(200, written.encode("utf-8"), JSON_TYPE)

    def _alternative(
        self, item: Item, label: str, path: Path, defaults: Defaults, within: str = ""
    ) -> Alternative | None:
        found = Diagnostics()
        scope = Scope(
            defaults,
            self._folder,
            f"{within}{label}",
            path.parameters,
            path.parameters_with_slashes,
            (),
            self._private,
            frozenset(self._defaults.lets),
            self._load_folder,
            self._runs_handlers,
            self._added,
        )
        try:
            alternative = parse_value(item.value, found, scope)
        except RecursionError:
            alternative = None
            found.errors.append(ValidationError("is nested too deep", at_key=True))
        self._errors += [self._diagnostic(item, e, label) for e in found.errors]
        self._warnings += [self._diagnostic(item, e, label) for e in found.warnings]
        if alternative is not None and self._defaults.lets and not isinstance(alternative, CannedResponse):
            return Let(alternative, self._defaults.lets)
        return alternative

    def _warn_of_method(self, item: Item, method: str) -> None:
        if meant := misspelled(method):
            text = f'unknown method {format_value(method)} is taken as it is, did you mean "{meant}"?'
        elif several := several_methods(method):
            keys = " and ".join(map(format_value, several))
            text = f"{format_value(method)} is taken as one method; several are keys of their own, {keys}"
        else:
            text = ""
        if text:
            self._warnings.append(self._diagnostic(item, ValidationError(text, at_key=True), method))

    def _diagnostic(self, item: Item, error: ValidationError, label: str = "") -> Diagnostic:
        location = self._document.location(item, error.path, at_key=error.at_key)
        return Diagnostic(location, label, str(error))


def container_keys(path: tuple[str, ...]) -> Callable[[str], bool] | None:
    """Return which keys at a path hold objects of URL keys, or of methods."""
    if not path:
        return lambda key: key == BEFORE or is_method(key)
    return is_method if path == IN_BEFORE else None


def _unknown(key: str, word: str, *, in_before: bool) -> str:
    where = f" in {BEFORE}" if in_before else ""
    if key.startswith(("/", "http://", "https://", "~")):
        shown = format_value(key)
        return f'unknown key {shown}{where}: a URL key stands under a method, as "GET": {{{shown}: …}}'
    if key in RESERVED_KEYS:
        beside = f', or in "$defaults": {{{format_value(key)}: …}}' if key in DEFAULTS and not in_before else ""
        return f"{key} stands in the value of a URL key{beside}"
    if found := _WITHOUT_SPACE.match(key):
        return f'unknown key {format_value(key)}{where}, did you mean "{found[1]} {found[2]}"?'
    choices = STANDARD_METHODS if in_before else (*STANDARD_METHODS, *FILE_KEYS)
    return f"unknown key {format_value(key)}{where}, expected a method{did_you_mean(word, choices)}"
