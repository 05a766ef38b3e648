"""A responses file that is wrong at start: one readable error, and mitmdump ends with status 1."""

from pathlib import Path

import pytest
from mitmdump import MITMDUMP
from mitmdump import arguments_of
from process import Process


def _start(folder: Path, filename: str) -> tuple[int, str]:
    """Start mitmdump with a file of the folder, and return its exit status and output."""
    process = Process([*MITMDUMP, *arguments_of(folder, {"responsesfile": filename}), "--listen-port", "0"], folder)
    try:
        return process.wait(), process.output
    finally:
        process.stop()


@pytest.mark.parametrize(
    ("filename", "content", "messages"),
    [
        pytest.param(
            "responses.json",
            b'{"GET": {\n  "/user": {"name": "Jo',
            ['responses.json:2:21: a string has no closing "'],
            id="cut off",
        ),
        pytest.param(
            "responses.json",
            b'{"GET": {"/user": 1,}}',
            ['responses.json:1:20: a comma before "}" is one too many'],
            id="comma too many",
        ),
        pytest.param(
            "responses.json",
            b'{"GET": {\n"/a": NaN,\n"/b": {"x": 1, "x": 2},\n"/c": {"$status": "abc"}}, "get": {}}',
            [
                "responses.json:2:7: NaN is no JSON number; null or a string may stand for it",
                'responses.json:3:16: duplicate key "x", one of the two must go',
                'responses.json:4:19: GET /c: $status must be an integer from 200 to 599, got "abc"',
                'responses.json:4:28: unknown key "get", expected a method, did you mean "GET"?',
            ],
            id="all errors together",
        ),
        pytest.param(
            "responses.json",
            b'{"GET": {"/a": ' + b"[" * 100_000,
            ["responses.json:1:516: nesting is deeper than 500 levels"],
            id="nested too deep",
        ),
        pytest.param(
            "responses.json",
            b'{"GET": {"/a": "\xff"}}',
            ["responses.json:1:17: byte 0xff is not UTF-8"],
            id="not UTF-8",
        ),
        pytest.param(
            "responses.json",
            '{"GET": {"/a": 1}}'.encode("utf-16"),
            ["responses.json: the file must be UTF-8, this looks like UTF-16"],
            id="UTF-16",
        ),
        pytest.param(
            "responses.yaml",
            b"GET:\n  /a: !!python/object/apply:os.system ['true']\n",
            ["responses.yaml:2:7: tags are not supported, got tag:yaml.org,2002:python/object/apply:os.system"],
            id="python tag",
        ),
        pytest.param(
            "responses.yaml",
            b"GET:\n  /a: &loop [*loop]\n",
            ["responses.yaml:2:14: the anchor &loop contains itself"],
            id="anchor in itself",
        ),
        pytest.param(
            "responses.yml",
            b"GET:\n\t/a: 1\n",
            ["responses.yml:2:1: ", "tabs are no indentation in YAML, use spaces"],
            id="tab",
        ),
    ],
)
def test_broken_at_start(tmp_path: Path, filename: str, content: bytes, messages: list[str]) -> None:
    (tmp_path / filename).write_bytes(content)
    status, output = _start(tmp_path, filename)
    assert status == 1
    for message in messages:
        assert output.count(message) == 1, output
    assert "Traceback" not in output


def test_missing_at_start(tmp_path: Path) -> None:
    """The error says what to do about it."""
    status, output = _start(tmp_path, "missing.json")
    assert status == 1
    assert (
        'missing.json: there is no such file: create it, for example {"GET": {"/user": {"name": "John"}}}, '
        "or name another with --set responsesfile=FILE"
    ) in output
    assert "Traceback" not in output


def test_folder_at_start(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    status, output = _start(tmp_path, "folder.json")
    assert status == 1
    assert "folder.json: is a folder, expected a file" in output
    assert "Traceback" not in output


def test_bad_policy_at_start(tmp_path: Path) -> None:
    (tmp_path / "responses.json").write_text("{}")
    arguments = arguments_of(tmp_path, {"responses_unmatched": "forwards"})
    process = Process([*MITMDUMP, *arguments, "--listen-port", "0"], tmp_path)
    assert process.wait() == 1
    process.stop()
    assert 'responses_unmatched must be a status code from 200 to 599, "forward" or "kill"' in process.output
    assert "Traceback" not in process.output
