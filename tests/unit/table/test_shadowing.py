import json
from typing import Any

import pytest

from fakebackend.table.shadowing import find_shadowed
from tests.conftest import table_of

IF = {"$when": {"query": {"x": 1}}, "$body": 1}


def shadowed_in(file: dict[str, Any]) -> list[str]:
    return [str(problem) for problem in find_shadowed(table_of(file))]


@pytest.mark.parametrize(
    ("winner", "loser"),
    [
        pytest.param("GET /{p:path}", "GET ~^/a", id="expression-behind-every-path"),
        pytest.param("* /{p:path}", "GET ~^/a?", id="expression-behind-every-path-and-method"),
        pytest.param("GET /x-{identifier}", "GET /x-{n:int}", id="longer-name-of-equal-rank"),
        pytest.param("GET /a/x{identifier}-y", "GET /a/x{n:int}-y", id="text-around"),
        pytest.param("GET /{first}{second}", "GET /{a:int}{b}", id="two-parameters"),
    ],
)
@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
def test_what_never_answers_is_named_with_what_always_wins(winner: str, loser: str, backwards: bool) -> None:
    keys = [loser, winner] if backwards else [winner, loser]
    [problem] = shadowed_in(dict.fromkeys(keys, 1))
    column = 2 if backwards else len(json.dumps(dict.fromkeys(keys[:1], 1))) + 2
    assert problem == f"responses.json:1:{column}: {loser}: never answers, {winner} (responses.json:1) always wins"


@pytest.mark.parametrize(
    ("file", "losers"),
    [
        pytest.param({"*": {"/{p:path}": 1}}, ["GET /a"], id="any"),
        pytest.param({"GET": {"/a": 1}}, ["GET /a"], id="the-same"),
        pytest.param({"GET": {"/{x}": 1}}, ["GET /a"], id="template"),
        pytest.param({"GET": {"/{x}?q=1": 1}}, [], id="query"),
        pytest.param({"POST": {"/a": 1}}, [], id="method"),
        pytest.param({"HEAD": {"/a": 1}}, [], id="head"),
        pytest.param({"GET": {"/a/b": 1}}, [], id="longer"),
        pytest.param({"GET": {"/a/{p:path}": 1}}, [], id="rest-needs-its-slash"),
        pytest.param({"GET": {"//h/a": 1}}, [], id="host"),
        pytest.param({"GET": {"~a": 1}}, [], id="an-expression-is-not-looked-into"),
        pytest.param({"*": {"/{p:path}": IF}}, [], id="conditions"),
        pytest.param({"*": {"/{p:path}": {"$cases": [IF, 0]}}}, ["GET /a"], id="cases-that-always-answer"),
        pytest.param({"GET": {"/{x:int}": 1}}, [], id="no-integer"),
    ],
)
def test_before_may_leave_entries_no_request(file: dict[str, Any], losers: list[str]) -> None:
    found = shadowed_in({"$before": file, "GET /a": 1})
    assert [line.split(": ")[1] for line in found] == losers


@pytest.mark.parametrize(
    ("wide", "narrow", "covers"),
    [
        pytest.param("GET /a", "HEAD /a", True, id="get-answers-head"),
        pytest.param("GET /a?q", "GET /a?q=1", True, id="any-value-covers-a-value"),
        pytest.param("GET /a?q=1", "GET /a?q=1&r", True, id="fewer-constraints-cover-more"),
        pytest.param("GET /a?q=1", "GET /a?q", False, id="a-value-covers-not-any"),
        pytest.param("GET //h/a", "GET https://h/a", True, id="host-covers-scheme"),
        pytest.param("GET //h:81/a", "GET http://h:81/a", True, id="port-covers-scheme-and-port"),
        pytest.param("GET http://h/a", "GET https://h/a", False, id="other-scheme"),
        pytest.param("GET //h/a", "GET //i/a", False, id="other-host"),
        pytest.param("GET /a", "GET https://h/a", True, id="no-host-covers-any"),
        pytest.param("GET /{x}/b", "GET /{x:int}/b", True, id="any-covers-integer"),
        pytest.param("GET /{x:int}", "GET /{x}", False, id="integer-covers-not-any"),
        pytest.param("GET /{x}", "GET /a{x}", True, id="any-covers-text-around"),
        pytest.param("GET /a{x}", "GET /b{x}", False, id="other-text-around"),
        pytest.param("GET /a{x}", "GET /ab", True, id="text-around-covers-literal"),
        pytest.param("GET /a{x}", "GET /b", False, id="text-around-covers-not-another-literal"),
        pytest.param("GET /{x}", "GET /{p:path}", False, id="any-covers-not-rest"),
        pytest.param("GET /a{x}", "GET /a{p:path}", False, id="text-around-covers-not-rest"),
        pytest.param("GET /{x}", "GET /{x}/{y}", False, id="shorter"),
        pytest.param("GET /{x}/{y}", "GET /{x}", False, id="longer"),
        pytest.param("GET /a/{p:path}", "GET /a/{x}/b", True, id="rest-covers-segments"),
        pytest.param("GET /a/{p:path}", "GET /a", False, id="rest-needs-its-slash"),
        pytest.param("GET /a{p:path}", "GET /ab/c", True, id="text-before-rest"),
        pytest.param("GET /a{p:path}", "GET /a{x}", True, id="same-text-before-rest"),
        pytest.param("GET /ab{p:path}", "GET /a{x}", False, id="more-text-before-rest"),
        pytest.param("GET /{x}{p:path}", "GET /a/b", False, id="two-parameters-and-rest-is-not-decided"),
        pytest.param("OPTIONS /{p:path}", "OPTIONS /a", False, id="preflights-see-no-before"),
        pytest.param("* /{p:path}", "OPTIONS /a", False, id="preflights-see-no-any"),
        pytest.param("GET /a/{p:path}", "GET ~^/a/b", False, id="rest-of-a-folder-covers-no-expression"),
        pytest.param("GET /a", "GET ~^/a$", False, id="literal-covers-no-expression"),
    ],
)
def test_covering(wide: str, narrow: str, covers: bool) -> None:
    found = shadowed_in({"$before": {wide: 1}, narrow: 1})
    assert bool(found) is covers


def test_entries_of_before_are_told_too_and_not_by_those_behind_them() -> None:
    file = {"$before": {"GET /x-{identifier}": 1, "GET /x-{n:int}": 1, "GET /a": IF}, "GET /{p:path}": 1}
    [problem] = shadowed_in(file)
    assert problem.split(": ")[1] == "GET /x-{n:int}"


def test_nothing_is_said_of_ordinary_files() -> None:
    assert shadowed_in({"GET": {"/a": 1, "/{x}": 1, "/{x:int}": 1, "/a/{p:path}": 1, "/{p:path}": 1}}) == []


def test_among_very_many_odd_keys_none_are_compared() -> None:
    keys = {f"GET /k{n}-{{x:int}}": 1 for n in range(300)}
    assert shadowed_in({**keys, "GET /x-{identifier}": 1, "GET /x-{n:int}": 1}) == []
