import json
from typing import Any

import pytest

from fakebackend.format.compile import compile_file
from fakebackend.messages.request import Request
from fakebackend.table import shadowed_conditions
from fakebackend.table.entry import Entry
from fakebackend.table.shadowed_conditions import find_shadowed_conditions
from tests.conftest import look_up
from tests.conftest import table_of


def asking(body: Any = 2, **query: Any) -> dict[str, Any]:
    return {"$when": {"query": query}, "$body": body}


BIG = asking(page={"$gt": 9})


def found_in(file: dict[str, Any]) -> list[str]:
    return [str(warning) for warning in find_shadowed_conditions(table_of(file))]


def test_both_entries_are_named_and_what_to_write() -> None:
    text = '{"GET": {\n"/search?page": 1,\n"/search": {"$when": {"query": {"page": {"$gt": 9}}}, "$body": 2}}}'
    assert [str(warning) for warning in compile_file(text.encode(), "f").warnings] == [
        "f:3:1: GET /search: $when.query.page never holds, GET /search?page (f:2) answers whatever has 'page' in its "
        "query: write both as $cases under one of the two keys"
    ]


@pytest.mark.parametrize(
    "file",
    [
        pytest.param({"GET /s?page": 1, "GET /s": asking(page="3")}, id="equality"),
        pytest.param({"GET /s?page": 1, "GET /s": asking(page={"$exists": True})}, id="there"),
        pytest.param({"GET /s?page": 1, "GET /s": asking(**{"$eq": {"page": 3}})}, id="all-of-the-query"),
        pytest.param({"GET /s?page": 1, "GET /s": {"$cases": [BIG, 3]}}, id="a-case"),
        pytest.param({"GET /s?page": 1, "GET /s": {"$when": {"query": {"q": 1}}, "$cases": [BIG]}}, id="outer"),
        pytest.param({"GET /s?page": 1, "GET /s": {"$sequence": [3, {"$cases": [BIG]}]}}, id="in-a-sequence"),
        pytest.param({"GET /s?page": 1, "GET /s?q=1": BIG, "GET /s?page&q": 1}, id="other-names"),
        pytest.param({"GET /s?page&size": 1, "GET /s": asking(page=1, size=2)}, id="two-names"),
        pytest.param({"GET /s?page&size": 1, "GET /s?size": asking(page=1)}, id="one-name-in-the-other-key"),
        pytest.param({"* /s?page": 1, "GET /s": BIG}, id="any-method"),
        pytest.param({"GET /s?page": 1, "HEAD /s": BIG}, id="head"),
        pytest.param({"GET /s/{a}?page": 1, "GET /s/{b}": BIG}, id="template"),
        pytest.param({"GET https://h/s?page": 1, "GET https://h/s": BIG}, id="host"),
        pytest.param({"$before": {"GET /s?page": 1}, "GET /s": BIG}, id="before"),
        pytest.param({"GET /s?page": 1, "GET /s": {**BIG, "$limit": {"requests": 1, "per": "1m"}}}, id="in-a-limit"),
        pytest.param({"GET /s?page": 1, "GET /s": {**BIG, "$template": True, "$let": {"a": 1}}}, id="in-let"),
        pytest.param(
            {"GET /s?page": 1, "GET /s": {"$template": True, **asking(page="{{ query.q }}")}}, id="of-a-template"
        ),
        pytest.param({"GET /s?page": {"$cases": [asking(x=1), 2]}, "GET /s": BIG}, id="a-winner-with-a-last-case"),
    ],
)
def test_a_condition_that_is_never_asked_is_told(file: dict[str, Any]) -> None:
    assert len(found_in(file)) == 1


@pytest.mark.parametrize(
    "file",
    [
        pytest.param({"GET /s?page": 1, "GET /s": 2}, id="no-condition"),
        pytest.param({"GET /s?page": 1, "GET /s": asking(q=1)}, id="another-name"),
        pytest.param({"GET /s?page": 1, "GET /s": {"$cases": [asking(q=1), 3]}}, id="cases-with-another-name"),
        pytest.param({"GET /s?page": 1, "GET /s": {"$when": {"headers": {"page": "1"}}}}, id="another-part"),
        pytest.param({"GET /s?page": 1, "GET /s": {"$when": {"form": {"$eq": {"page": 1}}}}}, id="another-whole-part"),
        pytest.param({"GET /s?page": 1, "GET /s": {"$when": {"session": True}}}, id="another-condition"),
        pytest.param({"GET /s?page": 1, "GET /s": asking(page={"$exists": False})}, id="absent"),
        pytest.param({"GET /s?page": 1, "GET /s": {"$sequence": [1, 2]}}, id="a-sequence-without-conditions"),
        pytest.param({"GET /s?page": 1, "GET /s": asking(page={"$ne": 3})}, id="not-equal-or-absent"),
        pytest.param({"GET /s?page=1": 1, "GET /s": BIG}, id="a-value"),
        pytest.param({"GET /s?page": asking(x=1), "GET /s": BIG}, id="a-winner-with-conditions"),
        pytest.param({"GET /s?page&q=1": 1, "GET /s": BIG}, id="a-winner-that-asks-for-more"),
        pytest.param({"GET /s?page&q": 1, "GET /s": BIG}, id="a-winner-that-asks-for-another-name"),
        pytest.param({"GET /s?page": 1, "GET /s?page=3": asking(page=3)}, id="more-specific"),
        pytest.param({"GET /s?page": 1, "GET /s?page&q": asking(page=3)}, id="the-name-in-its-own-key"),
        pytest.param({"POST /s?page": 1, "GET /s": BIG}, id="another-method"),
        pytest.param({"GET /t?page": 1, "GET /s": BIG}, id="another-path"),
        pytest.param({"GET //h/s?page": 1, "GET /s": BIG}, id="only-for-a-host"),
        pytest.param({"GET //h/s?page": 1, "GET https://h/s": BIG}, id="a-less-specific-host"),
        pytest.param({"GET /s?page": 1, "$before": {"GET /s": BIG}}, id="before-it"),
        pytest.param({"$before": {"GET /s?page": 1}, "GET /s?page": asking(page=3)}, id="never-answers-at-all"),
    ],
)
def test_nothing_is_said_of_a_condition_that_may_hold(file: dict[str, Any]) -> None:
    assert found_in(file) == []


def test_what_is_told_is_so() -> None:
    table = table_of({"GET /s?page": 1, "GET /s": BIG})
    assert look_up(table, Request("GET", "/s?page=12")).entry == next(iter(table))


def test_of_very_many_keys_of_one_path_few_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[Entry] = []
    monkeypatch.setattr(shadowed_conditions, "covers", lambda one, other, **_: compared.append(one))
    compile_file(json.dumps({**{f"GET /s?name{n}": 1 for n in range(200)}, "GET /s": BIG, "GET /t": BIG}).encode(), "f")
    assert len(compared) == shadowed_conditions._FEW
