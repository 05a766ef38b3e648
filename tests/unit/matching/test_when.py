import gzip
from collections.abc import Sequence
from typing import Any

import pytest

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.matching.conditions import Condition
from fakebackend.matching.conditions import SessionCondition
from fakebackend.matching.when import WHEN_PARTS
from fakebackend.matching.when import _parse_filter_without_mitmproxy
from fakebackend.matching.when import parse_when
from fakebackend.matching.when import register_part
from fakebackend.messages.path_params import NO_PARAMS
from fakebackend.messages.path_params import PathParams
from fakebackend.messages.request import Request
from fakebackend.state.mock_state import MockState
from fakebackend.state.request_context import RequestContext
from fakebackend.state.request_context import context_of
from tests.conftest import given
from tests.conftest import given_context

FORM = ("Content-Type", "application/x-www-form-urlencoded")


def request(body: bytes | str = b"", *headers: tuple[str, str]) -> RequestContext:
    asked = given("POST /users/7?page=2&tag=a&tag=b&empty=&flag", headers, body)
    state = MockState({"n": 3, "user": {"name": "ann"}})
    return context_of(asked, PathParams({"id": "7", "name": "a\udc2fb"}), state)


def first_difference(when: dict[str, Any], context: RequestContext) -> str | None:
    """Return how a request differs from a `$when`, None if it holds."""
    return next((d for c in parse_when(when) if (d := c.difference(context)) is not None), None)


@pytest.mark.parametrize(
    ("when", "difference"),
    [
        pytest.param({}, None, id="nothing"),
        pytest.param({"query": {}}, None, id="no-names"),
        pytest.param({"query": {"page": 2}}, None, id="query"),
        pytest.param({"query": {"page": 3}}, "$when.query.page is '2', expected '3'", id="query-differs"),
        pytest.param({"query": {"x": {"$exists": True}}}, "$when.query.x is missing", id="query-missing"),
        pytest.param({"query": {"Page": 2}}, "$when.query.Page is missing, expected '2'", id="query-case-counts"),
        pytest.param({"query": {"tag": "b"}}, None, id="query-repeated"),
        pytest.param({"query": {"tag": {"$ne": "b"}}}, "$when.query.tag is 'b', expected $ne \"b\"", id="query-none"),
        pytest.param({"query": {"flag": ""}}, None, id="query-flag"),
        pytest.param(
            {"query": {"page": 2, "tag": "c"}}, "$when.query.tag is 'a' and 'b', expected 'c'", id="all-names"
        ),
        pytest.param({"path": {"id": 7}}, None, id="path"),
        pytest.param({"path": {"id": {"$gt": 9}}}, "$when.path.id is '7', expected $gt 9", id="path-differs"),
        pytest.param({"path": {"name": "a/b"}}, None, id="path-readable"),
        pytest.param({"path": {"no": "x"}}, "$when.path.no is missing, expected 'x'", id="path-missing"),
        pytest.param({"state": {"n": {"$gt": 2}}}, None, id="state"),
        pytest.param({"state": {"n": "3"}}, "$when.state.n is 3, expected '3'", id="state-has-types"),
        pytest.param(
            {"state": {"user": {"name": "bob"}}}, "$when.state.user.name is 'ann', expected 'bob'", id="state-deep"
        ),
        pytest.param({"state": {"no": {"$exists": False}}}, None, id="state-missing"),
        pytest.param({"state": {"user.name": "ann"}}, None, id="state-with-dots"),
        pytest.param(
            {"state": {"user.x": 1}}, "$when.state.user.x is missing, expected 1", id="state-with-dots-missing"
        ),
        pytest.param({"query": {"$eq": {"page": 2, "tag": ["a", "b"], "empty": "", "flag": ""}}}, None, id="whole"),
        pytest.param(
            {"query": {"$eq": {"page": 2, "tag": "a"}}},
            '$when.query.$eq.tag is "a" and "b", expected "a"',
            id="whole-with-another-value",
        ),
        pytest.param(
            {"query": {"$eq": {"no": 1}}}, '$when.query.$eq.no is missing, expected "1"', id="whole-with-one-missing"
        ),
        pytest.param(
            {"query": {"$eq": {"page": 2}}},
            '$when.query.$eq has no "tag", and the request has',
            id="whole-with-one-more",
        ),
        pytest.param({"query": {"$eq": {}}}, '$when.query.$eq has no "page", and the request has', id="whole-empty"),
        pytest.param({"cookies": {"$eq": {}}, "form": {"$eq": {}}}, None, id="nothing-there"),
        pytest.param({"query": {"$top": {"$exists": False}}}, None, id="a-name-that-begins-with-a-dollar"),
        pytest.param({"$or": [{"query": {"page": 3}}, {"path": {"id": 7}}]}, None, id="or"),
        pytest.param(
            {"$or": [{"query": {"page": 3}}, {"path": {"id": 8}}]},
            "$when.$or: none holds; of the first $when.query.page is '2', expected '3'",
            id="or-none",
        ),
        pytest.param({"$or": [{"query": {"page": 3}}, {}]}, None, id="or-nothing-asked"),
        pytest.param({"$and": [{"query": {"page": 2}}, {"query": {"tag": "b"}}]}, None, id="and"),
        pytest.param(
            {"$and": [{"query": {"tag": "a"}}, {"query": {"tag": "c"}}]},
            "$when.query.tag is 'a' and 'b', expected 'c'",
            id="and-differs",
        ),
        pytest.param({"$not": {"query": {"page": 3}}}, None, id="not"),
        pytest.param(
            {"$not": {"query": {"page": 2}, "path": {"id": 7}}},
            "$when.$not: $when.query.page and $when.path.id holds",
            id="not-differs",
        ),
        pytest.param({"$not": {"query": {"page": 2}, "path": {"id": 8}}}, None, id="not-all"),
        pytest.param({"$not": {"$or": [{"path": {"id": 8}}, {"path": {"id": 9}}]}}, None, id="not-or"),
    ],
)
def test_conditions_on_what_stands_before_the_header(when: dict[str, Any], difference: str | None) -> None:
    assert first_difference(when, request()) == difference


@pytest.mark.parametrize(
    ("when", "difference"),
    [
        pytest.param({"headers": {"x-role": "admin"}}, None, id="name-in-any-case"),
        pytest.param({"headers": {"X-ROLE": "user"}}, None, id="repeated"),
        pytest.param({"headers": {"X-Role": "Admin"}}, "$when.headers.X-Role is ", id="value-case-counts"),
        pytest.param({"headers": {"Authorization": {"$exists": False}}}, None, id="absent"),
        pytest.param({"headers": {"Authorization": {"$regex": "^Bearer "}}}, "$when.headers.Auth", id="missing"),
        pytest.param({"headers": {"X-Role": {"$nin": ["user"]}}}, "$when.headers.X-Role is 'user'", id="none-of"),
        pytest.param({"cookies": {"sid": "s1"}}, None, id="cookie"),
        pytest.param({"cookies": {"sid": "s2"}}, "$when.cookies.sid is 's1', expected 's2'", id="cookie-differs"),
        pytest.param({"cookies": {"SID": "s1"}}, "$when.cookies.SID is missing", id="cookie-case-counts"),
    ],
)
def test_conditions_on_header_fields(when: dict[str, Any], difference: str | None) -> None:
    view = request(b"", ("X-Role", "admin"), ("X-Role", "user"), ("Cookie", 'a=1; sid="s1"'))
    found = first_difference(when, view)
    assert found is None if difference is None else found is not None and found.startswith(difference)


@pytest.mark.parametrize(
    ("when", "difference"),
    [
        pytest.param({"form": {"user": "ann"}}, None, id="field"),
        pytest.param(
            {"form": {"user": {"$ne": "bob"}}}, "$when.form.user is 'bob', expected $ne \"bob\"", id="repeated"
        ),
        pytest.param({"form": {"no": "x"}}, "$when.form.no is missing, expected 'x'", id="missing"),
        pytest.param({"form": {"a b": "c d"}}, None, id="decoded"),
    ],
)
def test_conditions_on_fields_of_a_form(when: dict[str, Any], difference: str | None) -> None:
    assert first_difference(when, request("user=ann&user=bob&a+b=c%20d", FORM)) == difference


UPLOAD = (
    b'--b\r\nContent-Disposition: form-data; name="avatar"; filename="me.png"\r\nContent-Type: image/png\r\n\r\nPNG\r\n'
    b'--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nMe\r\n--b--\r\n'
)


@pytest.mark.parametrize(
    ("when", "difference"),
    [
        pytest.param({"avatar": {"name": {"$regex": "png$"}, "type": "image/png"}}, None, id="name-and-type"),
        pytest.param({"avatar": {"text": "PNG", "size": {"$lt": 4}}}, None, id="text-and-size"),
        pytest.param({"avatar": {"$exists": True}, "title": {"$exists": False}}, None, id="there"),
        pytest.param({"no": {"$exists": True}}, "$when.files.no is missing", id="missing"),
        pytest.param(
            {"avatar": {"type": "image/gif"}},
            "$when.files.avatar.type is 'image/png', expected 'image/gif'",
            id="another-type",
        ),
        pytest.param({"title": {"name": "x"}}, "$when.files.title is missing, expected an object", id="no-file"),
    ],
)
def test_conditions_on_uploaded_files(when: dict[str, Any], difference: str | None) -> None:
    view = request(UPLOAD, ("Content-Type", "multipart/form-data; boundary=b"))
    assert first_difference({"files": when}, view) == difference


@pytest.mark.parametrize(
    ("body", "when", "difference"),
    [
        pytest.param('{"a": 1}', {"json": {"a": 1}}, None, id="json"),
        pytest.param('{"a": 1}', {"json": {"a": "1"}}, "$when.json.a is 1, expected '1'", id="json-has-types"),
        pytest.param("[1, 2]", {"json": [2]}, None, id="json-list"),
        pytest.param("null", {"json": None}, None, id="json-null"),
        pytest.param("1", {"json": {"$gt": 2}}, "$when.json is 1, expected $gt 2", id="json-scalar"),
        pytest.param("{}", {"json": {"a": {"$exists": False}}}, None, id="json-absence"),
        pytest.param("{}", {"json": {"$exists": True}}, None, id="json-is-there"),
        pytest.param("hello", {"text": "hello"}, None, id="text"),
        pytest.param("hello", {"text": {"$regex": "l+"}}, None, id="text-searched"),
        pytest.param("hello", {"text": "Hello"}, "$when.text is 'hello', expected 'Hello'", id="text-differs"),
        pytest.param("7", {"text": 7}, None, id="text-number"),
        pytest.param("", {"text": ""}, None, id="text-empty"),
    ],
)
def test_conditions_on_the_body(body: str, when: dict[str, Any], difference: str | None) -> None:
    assert first_difference(when, request(body)) == difference


def test_a_compressed_body_is_decoded_for_every_condition() -> None:
    view = request(gzip.compress(b'{"a": 1}'), ("Content-Encoding", "gzip"))
    assert first_difference({"json": {"a": 1}, "text": {"$regex": "a"}, "filter": "~bq a"}, view) is None


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("~m POST", True),
        ("~hq X-A", True),
        ("~hq X-B", False),
        ("!~hq X-B & ~bq hello", True),
        ("~u page=2", True),
        ("~s", False),
        ("~bs x", False),
        ("~q", True),
        ("~dst h", False),
        ("~src 127", True),
        ("~comment x", False),
        ("~c 200", False),
        ("~tq text", True),
        ("~all", True),
    ],
)
def test_a_filter_is_an_expression_of_mitmproxys(expression: str, holds: bool) -> None:
    view = request(b"hello", ("X-A", "1"), ("Content-Type", "text/plain"))
    expected = None if holds else f'$when.filter "{expression}" does not match'
    assert first_difference({"filter": expression}, view) == expected


def test_a_filter_holds_for_no_request_without_a_flow() -> None:
    assert (
        first_difference({"filter": "~all"}, context_of(Request("GET", "/"), NO_PARAMS, MockState()))
        == '$when.filter "~all" does not match'
    )


def test_all_parts_must_hold_and_the_first_that_does_not_is_named() -> None:
    when = {"query": {"page": 2}, "path": {"id": 8}, "headers": {"A": "x"}}
    assert first_difference(when, request()) == "$when.path.id is '7', expected '8'"
    assert [c.label for c in parse_when({**when, "json": {}, "text": "", "filter": "~q"})] == [
        "$when.query.page",
        "$when.path.id",
        "$when.headers.A",
        "$when.json",
        "$when.text",
        "$when.filter",
    ]


@pytest.mark.parametrize(
    ("when", "error", "path"),
    [
        pytest.param([], "$when must be an object of conditions, got a list", (), id="list"),
        pytest.param(
            {"header": {}},
            'unknown condition "header" in $when, expected query, headers, cookies, path, form, files, json, text, '
            'state, session, filter, $or, $and, $not, did you mean "headers"?',
            ("header",),
            id="unknown",
        ),
        pytest.param(
            {"query": "a=1"},
            "$when.query: query takes an object of names and patterns, got a string",
            ("query",),
            id="no-object",
        ),
        pytest.param(
            {"query": {"a": None}}, "$when.query: expected a string, a number, a boolean", ("query", "a"), id="null"
        ),
        pytest.param(
            {"form": {"a": {"$in": 1}}},
            "$when.form: $in takes a list, got a number",
            ("form", "a", "$in"),
            id="operator",
        ),
        pytest.param(
            {"json": {"a": {"$exists": 1}}},
            "$when.json: $exists takes true or false",
            ("json", "a", "$exists"),
            id="json",
        ),
        pytest.param(
            {"session": "yes"}, '$when.session: session must be true or false, got "yes"', ("session",), id="session"
        ),
        pytest.param({"text": ["a"]}, "$when.text: expected a string", ("text",), id="text"),
        pytest.param(
            {"query": {"$eq": {}, "a": 1}},
            '$when.query: $eq asks for all names and stands alone, got "a"',
            ("query", "a"),
            id="whole-beside-names",
        ),
        pytest.param(
            {"form": {"$eq": []}},
            "$when.form: $eq of form takes an object of names and values, got a list",
            ("form",),
            id="whole-no-object",
        ),
        pytest.param({"$or": []}, "$when.$or: $or takes a list of objects of conditions, got []", ("$or",), id="or"),
        pytest.param({"$and": [1]}, "$when.$and: $and must be an object of conditions", ("$and", 0), id="and"),
        pytest.param({"$not": []}, "$when.$not: $not must be an object of conditions, got a list", ("$not",), id="not"),
        pytest.param({"$or": [{"json": {"$or": 1}}]}, "$when.$or: ", ("$or", 0, "json", "$or"), id="inside-or"),
        pytest.param(
            {"files": {"a": {"nmae": 1}}},
            '$when.files: unknown word "nmae", expected name, type, text, size, did you mean "name"?',
            ("files", "a", "nmae"),
            id="word-of-a-file",
        ),
        pytest.param(
            {"files": {"a": "x"}},
            "$when.files: expected an object of name, type, text, size, got a string",
            ("files", "a"),
            id="no-object-for-a-file",
        ),
        pytest.param(
            {"filter": 1},
            "$when.filter: filter takes a filter expression of mitmproxy's, got a number",
            ("filter",),
            id="filter",
        ),
        pytest.param(
            {"filter": "~nonsense"},
            '$when.filter: filter "~nonsense" is no filter expression of mitmproxy\'s: ',
            ("filter",),
            id="no-filter",
        ),
        pytest.param({"filter": ""}, '$when.filter: filter "" is no filter expression', ("filter",), id="empty-filter"),
    ],
)
def test_a_wrong_condition_is_refused_at_its_place(when: Any, error: str, path: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError) as caught:
        parse_when(when)
    assert str(caught.value).startswith(error)
    assert caught.value.path == path


def test_the_parts_are_those_of_the_format() -> None:
    names = "query headers cookies path form files json text state session filter $or $and $not"
    assert " ".join(WHEN_PARTS) == names


@pytest.fixture
def own_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the part `filter` back as it was when the test is over."""
    monkeypatch.setitem(WHEN_PARTS, "filter", WHEN_PARTS["filter"])


@pytest.mark.usefixtures("own_filter")
def test_without_mitmproxy_a_filter_is_refused_and_the_reason_said() -> None:
    register_part("filter", _parse_filter_without_mitmproxy)
    with pytest.raises(ValidationError) as caught:
        parse_when({"filter": "~q", "query": {"a": None}})
    [refused, other] = caught.value.all()
    assert str(refused) == (
        "$when.filter: filter takes a filter expression of mitmproxy's, and there is no mitmproxy here"
    )
    assert (refused.path, other.path) == (("filter",), ("query", "a"))


@pytest.mark.usefixtures("own_filter")
def test_a_front_makes_the_conditions_of_a_part_itself() -> None:
    asked: list[Any] = []
    before = WHEN_PARTS["filter"]

    def parse(value: Any) -> Sequence[Condition]:
        asked.append(value)
        return [SessionCondition(live=True)]

    register_part("filter", parse)
    assert parse_when({"filter": "anything"}) == (SessionCondition(live=True),)
    assert asked == ["anything"]
    assert WHEN_PARTS["filter"] == before._replace(parse=parse)
    assert WHEN_PARTS["filter"].schema == {"type": "string"}
    assert list(WHEN_PARTS).index("filter") == 10


@pytest.mark.usefixtures("own_filter")
def test_what_a_front_refuses_is_refused_at_the_part() -> None:
    def parse(value: Any) -> Sequence[Condition]:
        raise ValidationError("no", "inside")

    register_part("filter", parse)
    with pytest.raises(ValidationError) as caught:
        parse_when({"filter": 1})
    assert (str(caught.value), caught.value.path) == ("$when.filter: no", ("filter", "inside"))


def test_only_a_part_of_the_format_can_be_registered() -> None:
    with pytest.raises(KeyError):
        register_part("weather", _parse_filter_without_mitmproxy)
    assert "weather" not in WHEN_PARTS


def test_every_part_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(ValidationError) as caught:
        parse_when({"query": 1, "json": {"a": 1}, "weather": {}, "form": {"a": [], "b": 1, "c": None}})
    assert [error.path for error in caught.value.all()] == [("query",), ("weather",), ("form", "a"), ("form", "c")]


@pytest.mark.parametrize("live", [True, False])
def test_a_session_is_asked_for_or_asked_not_to_be(live: bool) -> None:
    assert parse_when({"session": live}) == (SessionCondition(live),)


def test_a_state_condition_sees_what_has_been_set_in_its_context() -> None:
    context = given_context("GET /", state=MockState({"n": 1}))
    assert first_difference({"state": {"n": 2}}, context) == "$when.state.n is 1, expected 2"
    assert first_difference({"state": {"n": 2}}, context._replace(variables={"n": 2})) is None


@pytest.mark.parametrize("part", ["query", "headers", "cookies", "path", "form", "state"])
def test_an_operator_for_a_name_is_an_error_that_says_where_it_goes(part: str) -> None:
    with pytest.raises(ValidationError) as caught:
        parse_when({part: {"$exists": True}})
    said = f'$when.{part}: $exists asks of the values of a name, as {{"page": {{"$exists": …}}}}'
    assert (str(caught.value), caught.value.path, caught.value.at_key) == (said, (part, "$exists"), True)
    assert parse_when({part: {"$top": 1}})  # as OData has it
