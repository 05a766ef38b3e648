"""From a file and all it includes to a table."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from fakebackend.diagnostics.diagnostic import Diagnostic
from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.format.entries import FileCompiler
from fakebackend.format.entries import FileContent
from fakebackend.format.foreign_files import foreign_file
from fakebackend.reading.includes import SourceFile
from fakebackend.reading.includes import SourceTree
from fakebackend.reading.includes import parse_tree
from fakebackend.table.entry_table import EntryTable
from fakebackend.table.shadowed_conditions import find_shadowed_conditions
from fakebackend.table.shadowing import find_shadowed


@dataclass(frozen=True, slots=True)
class Compiled:
    """A usable file: its table, and what is odd about it but no error."""

    table: EntryTable
    warnings: tuple[Diagnostic, ...]
    handlers: frozenset[str] = frozenset()
    """The files of its handlers."""
    private: frozenset[str] = frozenset()
    """All files that no answer gives away: those, and the responses files."""
    shadowed: tuple[str, ...] = ()
    """The entries that never answer, because another one always wins."""


def compile_file(content: bytes, file: str) -> Compiled:
    """Return the table that the bytes of a responses file describe; `file` is its path as people write it.

    Raises `ResponsesFileError` with everything wrong in the file and of those that it includes.
    """
    return compile_tree(parse_tree(content, file))


def compile_tree(tree: SourceTree, *, runs_handlers: bool = True) -> Compiled:
    """Return the table that a file and those that it includes describe.

    Raises `ResponsesFileError` with everything wrong in all of them.
    """
    merging = _Merging([*tree.errors], [*tree.warnings], runs_handlers)
    content = merging.content(tree.root) if tree.root else FileContent()
    if merging.errors:
        errors = sorted(dict.fromkeys(merging.errors), key=lambda error: error.location)
        raise ResponsesFileError(errors, merging.warnings)
    before = EntryTable(list(content.before.values())) if content.before else None
    state = {name: value for name, (_, value) in content.state.items()}
    table = EntryTable(list(content.entries.values()), before, state, content.unmatched)
    shadowed = tuple(find_shadowed(table))
    warnings = (*merging.warnings, *shadowed, *find_shadowed_conditions(table))
    shadowed_entries = tuple(each.entry for each in shadowed)
    return Compiled(table, warnings, merging.handlers(), merging.private(), shadowed_entries)


def compile_added(tree: SourceTree, *, number: int, private: set[str]) -> tuple[FileContent, Sequence[Diagnostic]]:
    """Return what a tree of one document holds that came with a request, and warnings.

    It has no handlers, and no files but those below its folder; `number` tells what it counts from what others do.
    Raises `ResponsesFileError` with everything wrong in it.
    """
    errors, warnings = [*tree.errors], [*tree.warnings]
    content = FileContent()
    if tree.root is not None:
        compiler = FileCompiler(tree.root, errors, warnings, private=private, added=number)
        content = compiler.content()
    if errors:
        raise ResponsesFileError(sorted(dict.fromkeys(errors), key=lambda error: error.location), warnings)
    return content, warnings


class _Merging:
    """Files while they are compiled, each once, and put together with those that they include."""

    def __init__(self, errors: list[Diagnostic], warnings: list[Diagnostic], runs_handlers: bool) -> None:
        self.errors = errors
        self.warnings = warnings
        self._runs_handlers = runs_handlers
        self._private: set[str] = set()
        self._done: dict[str, FileContent] = {}

    def handlers(self) -> frozenset[str]:
        """Return the files of all handlers: what is private, but is no responses file."""
        return frozenset(self._private.difference(map(os.path.realpath, self._done)))

    def private(self) -> frozenset[str]:
        """Return the files that no answer gives away."""
        return frozenset(self._private)

    def content(self, source: SourceFile) -> FileContent:
        """Return a file's content with that of its includes, over which it wins."""
        if source.path not in self._done:
            self._private.add(os.path.realpath(source.path))
            errors: list[Diagnostic] = []
            warnings: list[Diagnostic] = []
            compiler = FileCompiler(source, errors, warnings, private=self._private, runs_handlers=self._runs_handlers)
            self._done[source.path] = own = compiler.content()
            # With an entry in it the file is ours, so that no large file of ours is read twice.
            if errors and not own.entries and (text := foreign_file(source.document.data())) is not None:
                errors, warnings = [Diagnostic(min(error.location for error in errors), "", text)], []
            self.errors += errors
            self.warnings += warnings
            if source.includes:
                included = FileContent()
                for content in map(self.content, source.includes):
                    _detect_conflicts(included, content, own, self.errors)
                    if content.unmatched:
                        text = "is not asked: that of the file that includes this one holds"
                        self.warnings.append(Diagnostic(content.unmatched.location, "$unmatched", text))
                own.entries = {**included.entries, **own.entries}
                own.before = {**included.before, **own.before}
                own.state = {**included.state, **own.state}
        return self._done[source.path]


def _detect_conflicts(included: FileContent, content: FileContent, own: FileContent, errors: list[Diagnostic]) -> None:
    for entries, more, winners in (
        (included.entries, content.entries, own.entries),
        (included.before, content.before, own.before),
    ):
        for key, entry in more.items():
            other = entries.setdefault(key, entry)
            if other is not entry and key not in winners:
                text = f"clashes with {other}, included too; say in the including file which it is to be"
                errors.append(Diagnostic(entry.location, entry.label, text))
    for name, (location, value) in content.state.items():
        other_location = included.state.setdefault(name, (location, value))[0]
        if other_location != location and name not in own.state:
            errors.append(Diagnostic(location, f"$state.{name}", f"clashes with {other_location}, included too"))
