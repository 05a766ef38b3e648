"""From a file and all it includes to a table."""

from dataclasses import dataclass

from fakebackend.entry_table import EntryTable
from fakebackend.file_compiler import IN_BEFORE
from fakebackend.file_compiler import FileCompiler
from fakebackend.file_compiler import FileContent
from fakebackend.file_compiler import opened_keys
from fakebackend.problems import Place
from fakebackend.problems import Problem
from fakebackend.problems import ResponsesFileError
from fakebackend.shadowing import find_shadowed
from fakebackend.source_tree import SourceFile
from fakebackend.source_tree import SourceTree
from fakebackend.source_tree import tree_of


@dataclass(frozen=True, slots=True)
class Compiled:
    """A usable file: its table, and what is odd about it but no error."""

    table: EntryTable
    warnings: tuple[Problem, ...]


def compile_file(content: bytes, file: str) -> Compiled:
    """Return the table that the bytes of a responses file describe; `file` is its path as people write it.

    Raises `ResponsesFileError` with every problem of the file and of those that it includes.
    """
    return compile_tree(tree_of(content, file))


def compile_tree(tree: SourceTree) -> Compiled:
    """Return the table that a file and those that it includes describe.

    Raises `ResponsesFileError` with every problem of all of them.
    """
    errors, warnings = [*tree.errors], [*tree.warnings]
    content = _merged(tree.root, {}, errors, warnings) if tree.root else FileContent()
    if errors:
        raise ResponsesFileError(sorted(dict.fromkeys(errors), key=lambda problem: problem.place), warnings)
    before = EntryTable(list(content.before.values())) if content.before else None
    state = {name: value for name, (_, value) in content.state.items()}
    table = EntryTable(list(content.entries.values()), before, state)
    shadowed = list(find_shadowed(table))
    if shadowed and tree.root is not None:
        shadowed = _with_columns(shadowed, tree.root)
    return Compiled(table, (*warnings, *shadowed))


def _with_columns(problems: list[Problem], root: SourceFile) -> list[Problem]:
    """Return problems of entries, which know only their lines, with the places of their keys."""
    lines = {problem.place for problem in problems}
    found: dict[Place, list[tuple[str, Place]]] = {}
    for source in root.all_files():
        for item in source.document.items(opened_keys):
            if (line := Place(source.name, item.line)) in lines:
                key = f"{item.parents[-1]} {item.key}" if item.parents[-1:] not in ((), IN_BEFORE) else item.key
                found.setdefault(line, []).append((key, source.document.place(item, at_key=True)))
    return [Problem(_nearest(found[p.place], p.entry), p.entry, p.text) for p in problems]


def _nearest(places: list[tuple[str, Place]], label: str) -> Place:
    """Return the place of the entry with a label; `$base` may stand between method and URL key there."""

    def fits(place: tuple[str, Place]) -> tuple[bool, int]:
        method, _, url = place[0].partition(" ")
        return label.startswith(f"{method} ") and label.endswith(url), len(url)

    return max(places, key=fits)[1]


def _merged(
    source: SourceFile, done: dict[str, FileContent], errors: list[Problem], warnings: list[Problem]
) -> FileContent:
    """Return a file's content with that of its includes, over which it wins."""
    if source.path not in done:
        done[source.path] = own = FileCompiler(source, errors, warnings).content()
        if source.includes:
            included = FileContent()
            for content in (_merged(file, done, errors, warnings) for file in source.includes):
                _join(included, content, own, errors)
            own.entries = {**included.entries, **own.entries}
            own.before = {**included.before, **own.before}
            own.state = {**included.state, **own.state}
    return done[source.path]


def _join(included: FileContent, content: FileContent, own: FileContent, errors: list[Problem]) -> None:
    for entries, more, winners in (
        (included.entries, content.entries, own.entries),
        (included.before, content.before, own.before),
    ):
        for identity, entry in more.items():
            other = entries.setdefault(identity, entry)
            if other is not entry and identity not in winners:
                text = f"clashes with {other}, included too; say in the including file which it is to be"
                errors.append(Problem(entry.place, entry.label, text))
    for name, (place, value) in content.state.items():
        other_place = included.state.setdefault(name, (place, value))[0]
        if other_place != place and name not in own.state:
            errors.append(Problem(place, f"$state.{name}", f"clashes with {other_place}, included too"))
