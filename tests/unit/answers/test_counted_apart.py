"""`$by`: sequences, limits and counters that are counted apart."""

import logging
from pathlib import Path
from typing import Any

import pytest

from fakebackend.state.mock_state import MOST_VALUES
from fakebackend.table.answer_error import AnswerError
from tests.answering import Core
from tests.answering import errors_of

T = {"$template": True}


async def test_a_sequence_moves_on_for_each_value_by_itself(tmp_path: Path) -> None:
    core = Core(tmp_path, {"GET /{id}": {"$by": "{{ path.id }}", "$sequence": [1, 2, 3]}})
    assert [await core.json(f"GET /{one}") for one in "aabab"] == [1, 2, 1, 3, 2]


async def test_a_counter_is_apart_from_the_same_name_elsewhere(tmp_path: Path) -> None:
    body = {**T, "$body": "{{ counter('n') }}"}
    core = Core(
        tmp_path,
        {
            "GET": {
                "/{id}": {"$by": "{{ path.id }}", **body},
                "/x/other": body,
                "/x/y/{id}": {"$by": "{{ path.id }}", **body},
            }
        },
    )
    assert [await core.json(f"GET {path}") for path in ("/a", "/a", "/b", "/x/other", "/x/other", "/x/y/a")] == [
        1,
        2,
        1,
        1,
        2,
        1,
    ]


@pytest.mark.parametrize(
    "by",
    [
        "{{ headers['X-Test'] }}",
        "{{ json.deep.er }}",
        "{{ session.user }}",
        "{{ headers.Authorization.split(' ')[1] }}",
        "{{ query.a + 'x' }}",
        "{{ query.a | int + 1 }}",
        "{{ query.a ~ '' }}",
        "{{ query.a | default('') }}",
        "{% if query.a %}{{ query.a }}{% endif %}",
    ],
)
async def test_what_is_undefined_is_empty(tmp_path: Path, by: str) -> None:
    core = Core(
        tmp_path,
        {"GET /": {"$by": by, "$sequence": [1, 2]}, "GET /same": {**T, "$by": by, "$body": "{{ counter('a') }}"}},
    )
    assert [await core.json(), await core.json(), await core.json("GET /same")] == [1, 2, 1]


async def test_names_of_the_definition_may_be_used_whether_templates_are_on_or_not(tmp_path: Path) -> None:
    data = {
        "GET /on": {**T, "$let": {"who": "{{ query.u }}"}, "$by": "{{ who }}", "$sequence": [1, 2]},
        "GET /off": {"$by": "{{ query.u }}", "$sequence": ["{{ a }}", 2]},
    }
    core = Core(tmp_path, data)
    assert [await core.json(f"GET /on?u={u}") for u in "aba"] == [1, 1, 2]
    assert [await core.json(f"GET /off?u={u}") for u in "aba"] == ["{{ a }}", "{{ a }}", 2]


async def test_an_inner_one_counts_for_itself_and_the_outer_sequence_for_all(tmp_path: Path) -> None:
    inner = {"$by": "{{ query.u }}", "$sequence": ["x", "y"]}
    core = Core(tmp_path, {"GET /": {"$sequence": [inner, inner, "end"]}})
    assert [await core.json(f"GET /?u={u}") for u in "aab"] == ["x", "x", "end"]
    core = Core(tmp_path, {"GET /": {"$by": "{{ query.u }}", "$cases": [{"$sequence": ["x", "y"]}]}})
    assert [await core.json(f"GET /?u={u}") for u in "aab"] == ["x", "y", "x"]


async def test_a_long_value_is_told_from_others_all_the_same(tmp_path: Path) -> None:
    core = Core(tmp_path, {"GET /": {"$by": "{{ query.u }}", "$sequence": [1, 2]}})
    long = "x" * 5_000
    assert [await core.json(f"GET /?u={u}") for u in (long + "a", long + "b", long + "a")] == [1, 1, 2]


async def test_beyond_the_most_values_the_one_not_used_for_longest_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert MOST_VALUES == 10_000
    monkeypatch.setattr("fakebackend.state.mock_state.MOST_VALUES", 3)
    core = Core(tmp_path, {"GET /": {**T, "$by": "{{ query.u }}", "$body": "{{ counter('n') }}"}})
    with caplog.at_level(logging.WARNING):
        assert [await core.json(f"GET /?u={u}") for u in "abcabcdacb"] == [1, 1, 1, 2, 2, 2, 1, 1, 3, 1]
    assert caplog.messages == ["GET /: $by has had 3 values; those not used for longest begin anew"]


async def test_a_name_counts_as_often_as_values_forget_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes makes room for the names of others."""
    monkeypatch.setattr("fakebackend.state.mock_state.MOST_VALUES", 1)
    monkeypatch.setattr("fakebackend.state.mock_state.COUNTERS_SIZE", 250)
    core = Core(tmp_path, {"GET /": {**T, "$by": "{{ query.u }}", "$body": "{{ counter('n') }}"}})
    assert {await core.json(f"GET /?u={number}") for number in range(10)} == {1}


async def test_a_value_that_cannot_be_worked_out_is_an_error(tmp_path: Path) -> None:
    core = Core(tmp_path, {"GET /": {**T, "$by": "{{ 1 / 0 }}", "$body": "{{ counter('n') }}"}})
    with pytest.raises(AnswerError, match=r'GET /: \$by: in "{{ 1 / 0 }}": division by zero'):
        await core.ask()


async def test_what_is_counted_before_the_answer_names_the_entry_as_well(tmp_path: Path) -> None:
    core = Core(tmp_path, {"GET /": {"$by": "{{ 1 / 0 }}", "$sequence": [1]}})
    with pytest.raises(AnswerError, match=r'responses.json:1: GET /: \$by: in "{{ 1 / 0 }}": division by zero'):
        await core.ask()


async def test_it_cannot_be_counted_by_what_it_counts(tmp_path: Path) -> None:
    value = {**T, "$let": {"n": "{{ counter('n') }}"}, "$by": "{{ n }}", "$body": "{{ counter('m') }}"}
    core = Core(tmp_path, {"GET /": value})
    with pytest.raises(AnswerError, match=r"\$by: \$let.n: .*needs a counter that it counts apart itself"):
        await core.ask()


async def test_a_counter_in_a_name_of_the_definition_is_counted_apart_as_well(tmp_path: Path) -> None:
    value = {**T, "$let": {"n": "{{ counter('n') }}"}, "$by": "{{ query.u }}", "$body": ["{{ n }}", "{{ n }}"]}
    core = Core(tmp_path, {"GET /": value})
    assert [await core.json(f"GET /?u={user}") for user in "aba"] == [[1, 1], [1, 1], [2, 2]]


@pytest.mark.parametrize(
    ("by", "error"),
    [
        pytest.param("id", '$by is a template like "{{ path.id }}", got "id"', id="no-template"),
        pytest.param(1, '$by must be a template like "{{ path.id }}", got 1', id="no-text"),
        pytest.param("{{ path.ID }}", 'path.ID is no parameter of the URL key, did you mean "id"?', id="parameter"),
        pytest.param("{{ qurey }}", 'unknown name "qurey" in a template, did you mean "query"?', id="name"),
    ],
)
def test_what_is_no_template_is_refused(by: Any, error: str) -> None:
    assert [e.partition("GET /{id}: ")[2] for e in errors_of({"GET /{id}": {"$by": by, "$body": 1}})] == [error]


async def test_a_reload_keeps_what_still_counts_by_the_same(tmp_path: Path) -> None:
    def data(by: str, items: list[int]) -> dict[str, Any]:
        return {"GET /": {"$by": by, "$sequence": items}, "GET /more": 1}

    core = Core(tmp_path, data("{{ query.u }}", [1, 2, 3]))
    assert await core.json("GET /?u=a") == 1
    for changed, expected in (
        (data("{{ query.u }}", [1, 2, 3]), 2),
        (data("{{ query.u }}", [7, 8]), 7),
        (data("{{ query.v }}", [7, 8]), 7),
    ):
        again = Core(tmp_path, changed)
        core.state.rebase({}, again.table.remembered_keys())
        core.table = again.table
        assert await core.json("GET /?u=a") == expected
    core.state.reset()
    assert await core.json("GET /?u=a") == 7
