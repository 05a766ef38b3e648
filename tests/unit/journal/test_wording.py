import pytest

from fakebackend.journal.tally import AnswerFailure
from fakebackend.journal.tally import UnmatchedRequest
from fakebackend.journal.wording import error_text
from fakebackend.journal.wording import near_text
from fakebackend.journal.wording import times


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 requests"), (1, "1 request"), (2, "2 requests"), (20_000, "20,000 requests")]
)
def test_a_number_has_its_noun(count: int, text: str) -> None:
    assert times(count, "request") == text


@pytest.mark.parametrize(
    ("nearest", "difference", "text"),
    [pytest.param("GET /a", "the path differs", "GET /a: the path differs", id="near"), (None, None, "")],
)
def test_the_nearest_entry_is_said_where_there_is_one(nearest: str | None, difference: str | None, text: str) -> None:
    assert near_text(UnmatchedRequest("GET", "/b", 1, nearest, difference)) == text


@pytest.mark.parametrize(
    ("entry", "message", "text"),
    [
        pytest.param("GET /a", "no such file", "GET /a: no such file", id="entry"),
        pytest.param("GET /a", "r.json:1: GET /a: no such file", "r.json:1: GET /a: no such file", id="named-already"),
        pytest.param(None, "r.json:1: wrong", "r.json:1: wrong", id="no-entry"),
    ],
)
def test_an_error_names_its_entry_once(entry: str | None, message: str, text: str) -> None:
    assert error_text(AnswerFailure(entry, message, 1)) == text
