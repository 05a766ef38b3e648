"""A file and the files that it includes, read and watched together."""

import glob
import os
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from fakebackend.diagnostics.diagnostic import Diagnostic
from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.diagnostics.location import Location
from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.validation_error import parse_all
from fakebackend.diagnostics.wording import format_value
from fakebackend.reading.detect import parse_document
from fakebackend.reading.document import Document
from fakebackend.reading.document import Item
from fakebackend.reading.missing_file import IN_MITMPROXY
from fakebackend.reading.missing_file import no_such_file
from fakebackend.reading.watched_file import FileSnapshot
from fakebackend.reading.watched_file import read_watched
from fakebackend.reading.watched_file import watch_folder


@dataclass(slots=True)
class SourceFile:
    """One file: its document and the files it includes."""

    path: str
    name: str
    document: Document
    includes: list["SourceFile"] = field(default_factory=list)


@dataclass(slots=True)
class SourceTree:
    """What reading a file and everything it includes gave; `root` is None if the file itself is no text."""

    root: SourceFile | None = None
    watched: list[FileSnapshot] = field(default_factory=list)
    errors: list[Diagnostic] = field(default_factory=list)
    warnings: list[Diagnostic] = field(default_factory=list)


def read_source_tree(path: str, name: str, named_with: str = IN_MITMPROXY) -> SourceTree:
    """Read a file and what it includes; `name` is how people know it, `named_with` how they would name another.

    What goes wrong is among the errors.
    """
    tree = SourceTree()
    tree.root = _Reader(tree, named_with).file(path, name, ())
    return tree


def parse_tree(content: bytes, name: str, path: str = "") -> SourceTree:
    """Return the tree of a file whose bytes are known, with what it includes read.

    Where `name` is no path, `path` is one: its folder and ending are the file's.
    """
    tree = SourceTree()
    tree.root = _Reader(tree).parsed(content, os.path.abspath(path or name), name, ())
    return tree


def parse_include(value: Any) -> list[str]:
    """`$include`: a list of file names or globs."""
    if not isinstance(value, list):
        raise ValidationError(f"$include must be a list of files, got {format_value(value)}")
    return parse_all(enumerate(value), _file_name)


def _file_name(_: int, name: Any) -> str:
    if not isinstance(name, str) or not name or "\0" in name:
        raise ValidationError(f"$include must be a list of file names or globs, got {format_value(name)}")
    return name


def display_name(path: str) -> str:
    """Return a path as people write it: relative if it lies below the working directory."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # on another drive
        return path
    return path if relative.startswith("..") else relative


class _Reader:
    def __init__(self, tree: SourceTree, named_with: str = IN_MITMPROXY) -> None:
        self._tree = tree
        self._named_with = named_with
        self._files: dict[str, SourceFile | None] = {}

    def file(self, path: str, name: str, include_stack: tuple[str, ...]) -> SourceFile | None:
        """Return a file with what it includes, each read once; `include_stack` are the files that lead to it."""
        real = os.path.realpath(path)
        if real not in self._files:
            watched, content = read_watched(path, name, lambda: no_such_file(path, name, self._named_with))
            self._tree.watched.append(watched)
            if isinstance(content, ResponsesFileError):
                self._tree.errors += content.errors
                self._files[real] = None
            else:
                self._files[real] = self.parsed(content, path, name, include_stack)
        return self._files[real]

    def parsed(self, content: bytes, path: str, name: str, include_stack: tuple[str, ...]) -> SourceFile | None:
        """Return the file that bytes are, with what it includes, or None after adding to the errors."""
        try:
            source = SourceFile(path, name, parse_document(content, name, path))
        except ResponsesFileError as e:
            self._tree.errors += e.errors
            return None
        if (item := source.document.setting("$include")) is not None:
            try:
                names = parse_include(item.value)
            except ValidationError:
                return source  # reported when the file is compiled
            for index, pattern in enumerate(names):
                self._include(source, item, index, pattern, (*include_stack, os.path.realpath(path)))
        return source

    def _include(
        self, source: SourceFile, item: Item, index: int, pattern: str, include_stack: tuple[str, ...]
    ) -> None:
        location = source.document.location(item, (index,))
        folder = os.path.dirname(source.path)
        paths = self._matching(folder, pattern, location, include_stack) if glob.has_magic(pattern) else [pattern]
        for path in (os.path.normpath(os.path.join(folder, found)) for found in paths):
            if os.path.realpath(path) in include_stack:
                names = " includes ".join(map(display_name, (*include_stack, path)))
                self._tree.errors.append(Diagnostic(location, "", f"$include goes in a circle: {names}"))
            elif not os.path.exists(path):
                self._tree.watched.append(read_watched(path, path)[0])
                text = f"$include names {format_value(pattern)}, and there is no such file as {display_name(path)}"
                self._tree.errors.append(Diagnostic(location, "", text))
            elif (included := self.file(path, display_name(path), include_stack)) is not None:
                source.includes.append(included)

    def _matching(self, folder: str, pattern: str, location: Location, include_stack: tuple[str, ...]) -> list[str]:
        self._tree.watched += [watch_folder(path) for path in _folders_looked_into(folder, pattern)]
        found = sorted(glob.glob(pattern, root_dir=folder, recursive=True))
        paths = [os.path.join(folder, path) for path in found]
        # A glob beside the file itself (`*.json`) means the others.
        others = [p for p in paths if not os.path.isdir(p) and os.path.realpath(p) != include_stack[-1]]
        if not others:
            self._tree.warnings.append(Diagnostic(location, "", f"$include {format_value(pattern)} matches no file"))
        return others


def _folders_looked_into(folder: str, pattern: str) -> list[str]:
    """Return the folders whose list of files decides what a glob matches."""
    folders = {folder}
    parts = pattern.split("/")
    for index, part in enumerate(parts[:-1]):
        upto = "/".join(parts[: index + 1]) + "/"
        if part == "**":
            upto = "/".join([*parts[:index], "**", ""])
        folders.update(os.path.join(folder, found) for found in glob.glob(upto, root_dir=folder, recursive=True))
    return sorted({os.path.normpath(path) for path in folders})
