import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from fakebackend.cli.main import main
from tests.conftest import invoke
from tests.conftest import write

GOOD = {"GET": {"/users/{id}": 1, "/users/me": 2}}


def test_check_of_a_good_file(folder: Path) -> None:
    write(folder / "responses.json", GOOD)
    result = invoke("check")
    assert (result.exit_code, result.output) == (0, "responses.json: good\n")


def test_check_tells_all_errors_and_warnings_of_all_files(folder: Path) -> None:
    write(folder / "a.json", {"PSOT": {"/a": {"$status": 1}, "b": 1}})
    write(folder / "b.json", {"PSOT": {"/a": 1}})
    write(folder / "c.json", GOOD)
    result = invoke("check", "a.json", "b.json", "c.json", "no.json")
    assert result.exit_code == 1
    assert [line.partition(" ")[0] for line in result.output.splitlines()] == [
        *("a.json:1:29:", "a.json:1:33:", "a.json:1:11:"),
        *("b.json:1:11:", "b.json:", "c.json:", "no.json:"),
    ]
    assert result.output.splitlines()[2].endswith('did you mean "POST"? (warning)')
    assert "b.json: good, 1 warning(s)" in result.output


def test_check_for_tools_is_json(folder: Path) -> None:
    write(folder / "a.json", {"PSOT": {"/a": {"$status": 1}}})
    result = invoke("check", "--json", "a.json", "no.json")
    assert result.exit_code == 1
    error, missing, *_ = sorted(json.loads(result.output), key=lambda problem: problem["file"] + problem["level"])
    assert error == {
        "level": "error",
        "file": "a.json",
        "line": 1,
        "column": 29,
        "entry": "PSOT /a",
        "message": "$status must be an integer from 200 to 599, got 1",
    }
    assert (missing["level"], missing["line"]) == ("warning", 1)
    assert [p["line"] for p in json.loads(result.output) if p["file"] == "no.json"] == [None]


def test_check_for_tools_of_a_good_file_is_an_empty_list(folder: Path) -> None:
    write(folder / "responses.json", GOOD)
    result = invoke("check", "--json")
    assert (result.exit_code, json.loads(result.output)) == (0, [])


def test_of_very_many_errors_a_hundred_are_written_out_and_for_tools_all(folder: Path) -> None:
    (folder / "a.json").write_text('{"GET": {\n' + ",\n".join(f'"/{{{number}": 1' for number in range(20_000)) + "}}")
    result = invoke("check", "a.json")
    lines = result.output.splitlines()
    assert (result.exit_code, len(lines), lines[-1]) == (1, 101, "and 19,900 more")
    assert [line.partition(" ")[0] for line in lines[:100]] == [f"a.json:{number}:1:" for number in range(2, 102)]
    for_tools = invoke("check", "--json", "a.json")
    assert for_tools.exit_code == 1
    assert [problem["entry"] for problem in json.loads(for_tools.output)] == [f"GET /{{{n}" for n in range(20_000)]


def test_a_hundred_warnings_are_written_out_and_all_are_counted(folder: Path) -> None:
    write(folder / "responses.json", {f"GET /{number}": {"$statu": 200} for number in range(102)})
    *lines, last = invoke("check").output.splitlines()
    assert (len(lines), lines[-1], last) == (101, "and 2 more (warning)", "responses.json: good, 102 warning(s)")


def test_handlers_are_not_run_unless_asked_for(folder: Path) -> None:
    (folder / "h.py").write_text("import pathlib\npathlib.Path('ran').touch()\ndef f(request): pass\n")
    write(folder / "responses.json", {"GET": {"/": {"$handler": "h.py:f"}}})
    result = invoke("check")
    assert result.output == "responses.json: good\nresponses.json: handlers were not run; --handlers runs them\n"
    assert not (folder / "ran").exists()
    result = invoke("check", "--json")
    assert (result.stdout, result.stderr) == ("[]\n", "responses.json: handlers were not run; --handlers runs them\n")
    assert invoke("check", "--handlers").output == "responses.json: good\n"
    assert (folder / "ran").exists()


def test_check_says_how_it_is_given_another_file(folder: Path) -> None:
    missing = 'no.json: there is no such file: create it, for example {"GET": {"/user": {"name": "John"}}}, '
    assert invoke("check", "no.json").output == f"{missing}or name another with fakebackend check FILE\n"


def test_a_folder_stands_for_its_responses_files(folder: Path) -> None:
    write(folder / "a.json", GOOD)
    (folder / "b.yaml").write_text("GET: {a: 1}\n")
    write(folder / "package.json", {"name": "x"})
    result = invoke("check", ".")
    assert (result.exit_code, result.output.splitlines()) == (
        1,
        [
            "package.json: skipped, it has no method and no key of a responses file at the top",
            "a.json: good",
            'b.yaml:1:7: GET a: a URL key starts with "/", "http://", "https://", "//" or "~", got "a", '
            'did you mean "/a"?',
        ],
    )
    result = invoke("check", "--json", ".")
    assert ([p["file"] for p in json.loads(result.stdout)], "package.json: skipped" in result.stderr) == (
        ["b.yaml"],
        True,
    )


def test_a_folder_without_a_responses_file_is_an_error(folder: Path) -> None:
    (folder / "sub").mkdir()
    result = invoke("check", "sub")
    assert (result.exit_code, result.output) == (1, "sub: there is no responses file in this folder\n")
    [error] = json.loads(invoke("check", "sub", "--json").stdout)
    assert (error["level"], error["file"]) == ("error", "sub")


def test_a_folder_that_cannot_be_read_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "sub").mkdir()

    def refused(path: str) -> list[str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("fakebackend.cli.files_in_folder.os.listdir", refused)
    result = invoke("check", "sub")
    assert (result.exit_code, result.output) == (1, "sub: cannot be read: permission denied\n")


@pytest.mark.parametrize(
    ("text", "output"),
    [
        pytest.param('{"GET": {"/a": 1}}', "<stdin>: good\n", id="json"),
        pytest.param(' \n{"GET": {"/a": 1}, /* c */}', "<stdin>: good\n", id="json-with-comments"),
        pytest.param('\ufeff{"GET": {"/a": 1}, /* c */}', "<stdin>: good\n", id="byte-order-mark"),
        pytest.param("GET: {/a: 1}", "<stdin>: good\n", id="yaml"),
        pytest.param("", "<stdin>: the file is empty", id="nothing"),
        pytest.param("GET: [", "<stdin>:1:7: ", id="wrong"),
        pytest.param("GET: {/a: {$file: a.txt}}", "<stdin>: good\n", id="file-beside-the-working-folder"),
    ],
)
def test_standard_input_is_checked(folder: Path, text: str, output: str) -> None:
    (folder / "a.txt").write_text("a")
    result = CliRunner().invoke(main, ["check", "-"], input=text)
    assert result.output.startswith(output)


def test_the_file_may_be_named_as_everywhere(folder: Path) -> None:
    write(folder / "a.json", GOOD)
    assert invoke("check", "--file", "a.json").output == "a.json: good\n"
