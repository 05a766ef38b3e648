from pathlib import Path

from tests.conftest import invoke
from tests.conftest import write


def test_routes_are_listed_in_winning_order(folder: Path) -> None:
    write(folder / "a.json", {"GET": {"/users/{id}": 1, "/users/me": 2}, "POST": {"/login": 3}})
    result = invoke("routes", "a.json")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "GET  /users/me  (a.json:1)",
        "POST /login  (a.json:1)",
        "GET  /users/{id}  (a.json:1)",
    ]


def test_routes_of_an_empty_file_are_none_and_of_a_wrong_one_an_error(folder: Path) -> None:
    write(folder / "responses.json", {})
    assert (invoke("routes").exit_code, invoke("routes").output) == (0, "")
    result = invoke("routes", "no.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        'no.json: there is no such file: create it, for example {"GET": {"/user": {"name": "John"}}}, '
        "or name another with fakebackend routes FILE\n"
    )


def test_entries_of_before_come_first_and_control_characters_are_escaped(folder: Path) -> None:
    write(folder / "responses.json", {"$before": {"* /{p:path}": {"$probability": 0}}, "GET": {"/a\x1b": 1}})
    assert invoke("routes").output.splitlines() == [
        "*   /{p:path}  (responses.json:1)",
        r"GET /a\x1b  (responses.json:1)",
    ]
