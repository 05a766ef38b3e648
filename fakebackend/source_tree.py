"""A file and the files that it includes, read and watched together."""

import glob
import os
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field

from fakebackend.document import Document
from fakebackend.document import Item
from fakebackend.problems import FieldError
from fakebackend.problems import Place
from fakebackend.problems import Problem
from fakebackend.problems import ResponsesFileError
from fakebackend.problems import shown
from fakebackend.syntax import parse_document
from fakebackend.top_level import parse_include
from fakebackend.watched_file import Watched
from fakebackend.watched_file import read_watched
from fakebackend.watched_file import watch_folder

_IF_MISSING = (
    'there is no such file: create it, for example {"GET": {"/user": {"name": "John"}}}, '
    "or name another with --set responsesfile=FILE"
)


@dataclass(slots=True)
class SourceFile:
    """One file: its document and the files it includes."""

    path: str
    name: str
    document: Document
    includes: list["SourceFile"] = field(default_factory=list)

    def all_files(self) -> Iterable["SourceFile"]:
        """Return it and all that it includes, each once."""
        found, pending = {self.path: self}, [self]
        while pending:
            new = [file for file in pending.pop().includes if file.path not in found]
            found.update((file.path, file) for file in new)
            pending += new
        return found.values()


@dataclass(slots=True)
class SourceTree:
    """What reading a file and everything it includes gave; `root` is None if the file itself is no text."""

    root: SourceFile | None = None
    watched: list[Watched] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def read_source_tree(path: str, name: str) -> SourceTree:
    """Read a file and what it includes; `name` is how people know it. What goes wrong is among the errors."""
    tree = SourceTree()
    tree.root = _Reader(tree).file(path, name, ())
    return tree


def tree_of(content: bytes, name: str) -> SourceTree:
    """Return the tree of a file whose bytes are known, with what it includes read."""
    tree = SourceTree()
    tree.root = _Reader(tree).parsed(content, os.path.abspath(name), name, ())
    return tree


def display_name(path: str) -> str:
    """Return a path as people write it: relative if it lies below the working directory."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # on another drive
        return path
    return path if relative.startswith("..") else relative


class _Reader:
    def __init__(self, tree: SourceTree) -> None:
        self._tree = tree
        self._files: dict[str, SourceFile | None] = {}

    def file(self, path: str, name: str, chain: tuple[str, ...]) -> SourceFile | None:
        """Return a file with what it includes, each read once; `chain` are the files that lead to it."""
        real = os.path.realpath(path)
        if real not in self._files:
            watched, content = read_watched(path, name, _IF_MISSING)
            self._tree.watched.append(watched)
            if isinstance(content, ResponsesFileError):
                self._tree.errors += content.problems
                self._files[real] = None
            else:
                self._files[real] = self.parsed(content, path, name, chain)
        return self._files[real]

    def parsed(self, content: bytes, path: str, name: str, chain: tuple[str, ...]) -> SourceFile | None:
        """Return the file that bytes are, with what it includes, or None after adding to the errors."""
        try:
            source = SourceFile(path, name, parse_document(content, name))
        except ResponsesFileError as e:
            self._tree.errors += e.problems
            return None
        if (item := source.document.setting("$include")) is not None:
            try:
                names = parse_include(item.value)
            except FieldError:
                return source  # reported when the file is compiled
            for index, pattern in enumerate(names):
                self._include(source, item, index, pattern, (*chain, os.path.realpath(path)))
        return source

    def _include(self, source: SourceFile, item: Item, index: int, pattern: str, chain: tuple[str, ...]) -> None:
        place = source.document.place(item, (index,))
        folder = os.path.dirname(source.path)
        paths = self._matching(folder, pattern, place, chain) if glob.has_magic(pattern) else [pattern]
        for path in (os.path.normpath(os.path.join(folder, found)) for found in paths):
            if os.path.realpath(path) in chain:
                names = " includes ".join(map(display_name, (*chain, path)))
                self._tree.errors.append(Problem(place, "", f"$include goes in a circle: {names}"))
            elif not os.path.exists(path):
                self._tree.watched.append(read_watched(path, path)[0])
                text = f"$include names {shown(pattern)}, and there is no such file as {display_name(path)}"
                self._tree.errors.append(Problem(place, "", text))
            elif (included := self.file(path, display_name(path), chain)) is not None:
                source.includes.append(included)

    def _matching(self, folder: str, pattern: str, place: Place, chain: tuple[str, ...]) -> list[str]:
        self._tree.watched += [watch_folder(path) for path in _folders_looked_into(folder, pattern)]
        found = sorted(glob.glob(pattern, root_dir=folder, recursive=True))
        paths = [os.path.join(folder, path) for path in found]
        # A glob beside the file itself (`*.json`) means the others.
        others = [p for p in paths if not os.path.isdir(p) and os.path.realpath(p) != chain[-1]]
        if not others:
            self._tree.warnings.append(Problem(place, "", f"$include {shown(pattern)} matches no file"))
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
