import pytest

from fakebackend.diagnostics.location import LineIndex
from fakebackend.diagnostics.location import Location
from fakebackend.matching.url_pattern import parse_url_pattern
from fakebackend.messages.canned_response import canned_response
from fakebackend.table.entry import Entry
from fakebackend.table.entry import methods_for
from tests.conftest import given


def entry_of(text: str) -> Entry:
    """Return the entry that is written as `GET /user`."""
    method, _, url = text.partition(" ")
    return Entry(method, *parse_url_pattern(url), canned_response(200), LineIndex("responses.json", "\n" * 9), 6)


def test_an_entry_is_known_by_method_key_and_place() -> None:
    entry = entry_of("GET /users/{id}?x=1")
    assert entry.label == "GET /users/{id}?x=1"
    assert str(entry) == "GET /users/{id}?x=1 (responses.json:7)"
    assert entry.location == Location("responses.json", 7, 1)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("GET //h:81/{p:path}", "GET https://h/a", id="port-before-scheme"),
        pytest.param("GET https://h/{p:path}", "GET //h/a", id="scheme-before-host"),
        pytest.param("GET //h/{p:path}", "GET /a", id="host-before-none"),
        pytest.param("* //h/{x:path}", "GET /a?b=1", id="host-decides-alone"),
        pytest.param("* /a", "GET /{x}", id="path-before-method"),
        pytest.param("GET /a", "GET /{x}?a=1&b=2", id="path-before-query"),
        pytest.param("GET /{x:path}", "GET ~a", id="regular-expressions-last"),
        pytest.param("* /a?x", "GET /a", id="query-before-method"),
        pytest.param("GET /a?x&y", "GET /a?x=1", id="more-constraints"),
        pytest.param("GET /a?x=1", "GET /a?x", id="value-before-name"),
        pytest.param("GET /a?x=1&y", "GET /a?x&y", id="values-among-equally-many"),
        pytest.param("HEAD /a", "GET /a", id="head-before-get"),
        pytest.param("GET /a", "* /a", id="method-before-any"),
        pytest.param("GET ~aaa", "GET ~aa", id="longer-key"),
        pytest.param("GET ~aa", "GET ~ab", id="alphabetical"),
        pytest.param("GET /{x}?b=longer", "GET /{x}?b=z", id="longer-key-of-equal-rank"),
    ],
)
def test_who_wins(first: str, second: str) -> None:
    assert entry_of(first).sort_key < entry_of(second).sort_key


@pytest.mark.parametrize(
    ("text", "request_line", "applies"),
    [
        pytest.param("GET /a", "GET /a", True, id="method"),
        pytest.param("GET /a", "POST /a", False, id="other-method"),
        pytest.param("GET /a", "HEAD /a", True, id="head-of-get"),
        pytest.param("HEAD /a", "GET /a", False, id="get-of-head"),
        pytest.param("* /a", "PURGE /a", True, id="any"),
        pytest.param("GET /a", "get /a", False, id="methods-are-case-sensitive"),
        pytest.param("GET /a?x=1", "GET /a?y=2&x=1", True, id="query"),
        pytest.param("GET /a?x=1", "GET /a?x=2", False, id="other-query"),
        pytest.param("GET /a?x=1&y", "GET /a?x=1", False, id="half-the-query"),
    ],
)
def test_method_and_query_decide_whether_an_entry_applies(text: str, request_line: str, applies: bool) -> None:
    request = given(request_line).with_method(request_line.split(" ", maxsplit=1)[0])
    assert entry_of(text).matches_method_and_query(request) is applies


@pytest.mark.parametrize(
    ("method", "methods"), [("GET", ("GET", "*")), ("HEAD", ("HEAD", "GET", "*")), ("PURGE", ("PURGE", "*"))]
)
def test_the_methods_that_may_answer(method: str, methods: tuple[str, ...]) -> None:
    assert methods_for(method) == methods
