import json
import os
from pathlib import Path
from typing import Any

import pytest

from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.format.compile import compile_tree
from fakebackend.reading.includes import SourceTree
from fakebackend.reading.includes import read_source_tree
from fakebackend.responses_file import ResponsesFile
from fakebackend.table.entry_table import EntryTable
from tests.conftest import age


def save(folder: Path, **files: Any) -> None:
    """Save each file; `a__b` is `a/b.json`, all of them old enough for their times to be trusted."""
    for name, data in files.items():
        path = folder / (name.replace("__", "/") + ".json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(data if isinstance(data, str) else json.dumps(data))
        age(path)


def including(*names: str, **more: Any) -> dict[str, Any]:
    return {"$include": list(names), **more}


def get(*paths: str, body: object = 1) -> dict[str, Any]:
    return {"GET": dict.fromkeys(paths, body)}


def tree_in(folder: Path) -> SourceTree:
    return read_source_tree(str(folder / "main.json"), "main.json")


def table_in(folder: Path) -> EntryTable:
    return compile_tree(tree_in(folder)).table


def labels_in(folder: Path) -> list[str]:
    return sorted(f"{entry.label} {entry.lines.file}" for entry in table_in(folder))


def errors_in(folder: Path) -> list[str]:
    with pytest.raises(ResponsesFileError) as caught:
        table_in(folder)
    return str(caught.value).splitlines()


def test_an_included_file_brings_its_entries_with_its_own_places(folder: Path) -> None:
    save(folder, main=including("sub/a.json", **get("/main")), sub__a=get("/a"))
    assert labels_in(folder) == [f"GET /a {Path('sub', 'a.json')}", "GET /main main.json"]


def test_an_included_file_brings_before_and_state_but_keeps_base_and_defaults(folder: Path) -> None:
    save(
        folder,
        main=including("a.json", **{"$base": "/main", "$defaults": {"$headers": {"A": "main"}}, **get("/x")}),
        a={
            **get("/y"),
            "$base": "/a",
            "$defaults": {"$headers": {"B": "a"}},
            "$before": get("/z"),
            "$state": {"n": 1},
        },
    )
    table = table_in(folder)
    assert [entry.label for entry in table] == ["GET /a/z", "GET /a/y", "GET /main/x"]
    fields = [{name for name, _ in getattr(entry.alternative, "fields", ())} for entry in table]
    assert [names & {b"A", b"B"} for names in fields] == [{b"B"}, {b"B"}, {b"A"}]
    assert table.state == {"n": 1}


def test_paths_are_relative_to_the_including_file(folder: Path) -> None:
    save(folder, main=including("sub/a.json"), sub__a=including("b.json", "../c.json"), sub__b=get("/b"), c=get("/c"))
    assert labels_in(folder) == [f"GET /b {Path('sub', 'b.json')}", "GET /c c.json"]


def test_an_absolute_path_is_taken_too(folder: Path) -> None:
    save(folder, a=get("/a"), main=including(str(folder / "a.json")))
    assert labels_in(folder) == ["GET /a a.json"]


def test_yaml_and_json_may_include_each_other(folder: Path) -> None:
    (folder / "a.yaml").write_text("$include: [b.json]\nGET: {/a: 1}\n")
    save(folder, main=including("a.yaml"), b=get("/b"))
    assert labels_in(folder) == ["GET /a a.yaml", "GET /b b.json"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("sub/*.json", ["/a", "/b"], id="star"),
        pytest.param("sub/?.json", ["/a", "/b"], id="question-mark"),
        pytest.param("sub/[b-z].json", ["/b"], id="class"),
        pytest.param("sub/**/*.json", ["/a", "/b", "/c"], id="deep"),
        pytest.param("**/*.json", ["/a", "/b", "/c"], id="deep-without-the-file-itself"),
        pytest.param("*/deep/*.json", ["/c"], id="star-for-a-folder"),
        pytest.param("*", [], id="folders-are-no-files"),
    ],
)
def test_a_glob_includes_what_it_matches(folder: Path, pattern: str, expected: list[str]) -> None:
    save(folder, main=including(pattern), sub__a=get("/a"), sub__b=get("/b"), sub__deep__c=get("/c"))
    assert sorted(entry.url for entry in table_in(folder)) == expected


def test_a_glob_without_a_match_is_a_warning(folder: Path) -> None:
    save(folder, main=including("no/*.json"))
    assert [str(w) for w in compile_tree(tree_in(folder)).warnings] == [
        'main.json:1:15: $include "no/*.json" matches no file'
    ]


def test_the_including_file_wins_and_so_it_does_over_before_and_state(folder: Path) -> None:
    save(
        folder,
        main=including(
            "a.json", "b.json", **get("/x", body="main"), **{"$before": get("/y", body="main"), "$state": {"n": 0}}
        ),
        a={**get("/x", body="a"), "$before": get("/y", body="a"), "$state": {"n": 1}},
        b={**get("/x", body="b"), "$before": get("/y", body="b"), "$state": {"n": 2}},
    )
    table = table_in(folder)
    assert [entry.lines.file for entry in table] == ["main.json", "main.json"]
    assert table.state == {"n": 0}


def test_two_included_files_may_not_clash(folder: Path) -> None:
    save(
        folder,
        main=including("a.json", "b.json"),
        a={**get("/x/{a}"), "$before": get("/y"), "$state": {"n": 1}},
        b={**get("/x/{b}"), "$before": get("/y"), "$state": {"n": 1}},
    )
    which = "included too; say in the including file which it is to be"
    assert errors_in(folder) == [
        f"b.json:1:10: GET /x/{{b}}: clashes with GET /x/{{a}} (a.json:1), {which}",
        f"b.json:1:44: GET /y: clashes with GET /y (a.json:1), {which}",
        "b.json:1:66: $state.n: clashes with a.json:1:66, included too",
    ]


def test_a_file_included_by_two_ways_is_one_file(folder: Path) -> None:
    save(
        folder,
        main=including("a.json", "b.json"),
        a=including("common.json", **get("/a")),
        b=including("./common.json", **get("/b")),
        common={**get("/c"), "$state": {"n": 1}},
    )
    assert labels_in(folder) == ["GET /a a.json", "GET /b b.json", "GET /c common.json"]
    watched = [Path(w.path).name for w in tree_in(folder).watched]
    assert sorted(watched) == ["a.json", "b.json", "common.json", "main.json"]


@pytest.mark.parametrize(
    ("files", "error"),
    [
        pytest.param(
            {"main": including("main.json")},
            "main.json:1:15: $include goes in a circle: main.json includes main.json",
            id="itself",
        ),
        pytest.param(
            {"main": including("a.json"), "a": including("b.json"), "b": including("a.json")},
            "b.json:1:15: $include goes in a circle: main.json includes a.json includes b.json includes a.json",
            id="three",
        ),
        pytest.param(
            {"main": including("[ab].json"), "a": including("[mb]*.json"), "b": get("/b")},
            "a.json:1:15: $include goes in a circle: main.json includes a.json includes main.json",
            id="by-a-glob",
        ),
    ],
)
def test_a_circle_is_refused(folder: Path, files: dict[str, Any], error: str) -> None:
    save(folder, **files)
    assert errors_in(folder) == [error]


def test_a_circle_by_a_link_is_refused_too(folder: Path) -> None:
    save(folder, main=including("link.json"))
    (folder / "link.json").symlink_to("main.json")
    assert errors_in(folder) == ["main.json:1:15: $include goes in a circle: main.json includes link.json"]


@pytest.mark.parametrize(
    ("content", "errors"),
    [
        pytest.param("[", ["a.json:1:1: expected "], id="no-object"),
        pytest.param('{"GET": {"/a": {"$status": 1}}}', ["a.json:1:28: GET /a: $status must be"], id="wrong-entry"),
        pytest.param('{"$include": ["no.json"]}', ["a.json:1:15: $include names "], id="missing"),
    ],
)
def test_an_error_of_an_included_file_has_its_place_there(folder: Path, content: str, errors: list[str]) -> None:
    save(folder, main=including("a.json", "b.json"), a=content, b=get("/b"))
    found = errors_in(folder)
    assert len(found) == len(errors)
    assert all(line.startswith(error) for line, error in zip(found, errors, strict=True))


def test_errors_of_all_files_are_reported_together(folder: Path) -> None:
    save(folder, main=including("a.json", "no.json", PSOT={"x": 1}), a='{"GET": {"y": 1}}')
    assert [line.partition(": ")[0] for line in errors_in(folder)] == [
        "a.json:1:10",
        "main.json:1:25",
        "main.json:1:46",
    ]


def test_bytes_that_are_no_text_and_a_folder_are_errors(folder: Path) -> None:
    (folder / "a.json").write_bytes(b"\xff")
    (folder / "sub").mkdir()
    save(folder, main=including("a.json", "sub"))
    assert errors_in(folder) == ["a.json:1:1: byte 0xff is not UTF-8", "sub: is a folder, expected a file"]


@pytest.mark.parametrize(
    ("include", "error"),
    [
        ("a.json", '$include must be a list of files, got "a.json"'),
        ([1], "$include must be a list of file names or globs, got 1"),
        ([""], '$include must be a list of file names or globs, got ""'),
        (["a\0b"], '$include must be a list of file names or globs, got "a\\u0000b"'),
    ],
    ids=["string", "number", "empty", "zero-byte"],
)
def test_include_is_a_list_of_names(folder: Path, include: Any, error: str) -> None:
    save(folder, main={"$include": include})
    [found] = errors_in(folder)
    assert found.partition(": ")[2] == error


class Watching:
    """A file that has been read, and whether the next request would read it again."""

    def __init__(self, folder: Path) -> None:
        self._file = ResponsesFile(str(folder / "main.json"))
        self._file.refresh_sync()
        assert self._file.is_fresh()

    def sees_a_change(self) -> bool:
        return not self._file.is_fresh()


@pytest.fixture
def watched(folder: Path) -> Path:
    save(
        folder,
        main=including("a.json", "globbed/*.json", "later/**/*.json", "missing.json"),
        a=including("sub/b.json"),
        sub__b=get("/b"),
        globbed__c=get("/c"),
        other=get("/other"),
    )
    (folder / "later").mkdir()
    (folder / "later" / "x").mkdir()
    for path in (folder, folder / "globbed", folder / "later", folder / "later" / "x", folder / "sub"):
        age(path)
    return folder


@pytest.mark.parametrize("name", ["main.json", "a.json", "sub/b.json", "globbed/c.json"])
def test_a_save_of_any_file_of_the_tree_is_seen(watched: Path, name: str) -> None:
    watching = Watching(watched)
    (watched / name).write_text("{}")
    assert watching.sees_a_change()


@pytest.mark.parametrize("name", ["globbed/new.json", "later/new.json", "later/x/new.json", "missing.json"])
def test_a_file_that_comes_is_seen(watched: Path, name: str) -> None:
    watching = Watching(watched)
    (watched / name).write_text("{}")
    assert watching.sees_a_change()


def test_a_file_that_goes_is_seen(watched: Path) -> None:
    watching = Watching(watched)
    (watched / "globbed" / "c.json").unlink()
    assert watching.sees_a_change()


def test_a_file_that_is_not_included_is_not_watched(watched: Path) -> None:
    watching = Watching(watched)
    (watched / "other.json").write_text("{}")
    os.utime(watched, ns=(0, watched.stat().st_mtime_ns))
    assert not watching.sees_a_change()
