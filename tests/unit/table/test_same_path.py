import pytest

from fakebackend.table.entry import Entry
from fakebackend.table.same_path import SamePath
from tests.conftest import given
from tests.unit.table.test_entry import entry_of

FEW = ["GET /s?q=cats", "GET /s?q", "GET /s", "POST /s?q=cats", "* /s?q=cats&page=1"]
MANY = FEW + [f"GET /s?format=json&id={number}" for number in range(20)] + ["GET /s?format=json", "GET /s?format"]


def labels(entries: list[Entry] | tuple[Entry, ...]) -> list[str]:
    return [entry.label for entry in entries]


@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
@pytest.mark.parametrize("texts", [FEW, MANY], ids=["few", "indexed"])
@pytest.mark.parametrize(
    ("request_line", "expected"),
    [
        pytest.param("GET /s", ["GET /s"], id="none"),
        pytest.param("GET /s?q=cats", ["GET /s?q=cats", "GET /s?q", "GET /s"], id="value"),
        pytest.param("GET /s?q=dogs", ["GET /s?q", "GET /s"], id="other-value"),
        pytest.param("GET /s?q=dogs&q=cats", ["GET /s?q=cats", "GET /s?q", "GET /s"], id="repeated"),
        pytest.param(
            "GET /s?page=1&q=cats", ["* /s?q=cats&page=1", "GET /s?q=cats", "GET /s?q", "GET /s"], id="more-constraints"
        ),
        pytest.param("POST /s?q=cats", ["POST /s?q=cats"], id="method"),
        pytest.param("PUT /s?q=cats", [], id="nobody"),
    ],
)
def test_the_entries_that_apply_come_in_winning_order(
    texts: list[str], backwards: bool, request_line: str, expected: list[str]
) -> None:
    slot = SamePath(map(entry_of, texts[::-1] if backwards else texts))
    assert labels([*slot.matching_entries(given(request_line))]) == expected


@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
def test_among_many_with_a_constraint_in_common_the_rare_one_is_found(backwards: bool) -> None:
    slot = SamePath(map(entry_of, MANY[::-1] if backwards else MANY))
    assert labels([*slot.matching_entries(given("GET /s?id=7&format=json"))]) == [
        "GET /s?format=json&id=7",
        "GET /s?format=json",
        "GET /s?format",
        "GET /s",
    ]


def test_entries_are_kept_in_winning_order() -> None:
    assert labels(SamePath(map(entry_of, FEW[::-1])).entries)[0] == "* /s?q=cats&page=1"
