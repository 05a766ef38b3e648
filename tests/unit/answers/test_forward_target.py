"""Where `$forward` sends a request."""

from pathlib import Path
from typing import Any

import pytest

from fakebackend.answers.outcome import Forward
from fakebackend.table.answer_error import AnswerError
from tests.answering import Core
from tests.answering import errors_of

MUST_BE = '$forward must be true, an origin or URL like "https://host/v2/{rest}", or {"to": …, "headers": {…}}, got '


async def forwarded(folder: Path, key: str, value: Any, request: str, **of: Any) -> Forward:
    """Return what is asked of the real server."""
    found = await Core(folder, {f"GET {key}": {"$forward": value, "$template": True}}).found(f"GET {request}", **of)
    assert found is not None
    assert isinstance(found.outcome, Forward)
    return found.outcome


@pytest.mark.parametrize(
    ("key", "to", "request_path", "origin", "target"),
    [
        pytest.param("/a", True, "/a?b=1", None, None, id="true"),
        pytest.param("/a", "https://h:8443", "/a?b=1", "https://h:8443", None, id="origin"),
        pytest.param("/a", "https://h/", "/a?b=1", "https://h", None, id="origin-with-a-slash"),
        pytest.param("/a", "http://[::1]:80/b", "/a?c=1", "http://[::1]:80", "/b?c=1", id="path"),
        pytest.param("/a", "https://h?x=1", "/a?c=1", "https://h", "/?x=1&c=1", id="query-comes-first"),
        pytest.param("/a", "https://h/?x=1", "/a", "https://h", "/?x=1", id="query-alone"),
        pytest.param("/a", "https://h/b?", "/a?", "https://h", "/b", id="empty-queries"),
        pytest.param("/v1/{rest:path}", "https://h/v2/{rest}", "/v1/a/b?q=1", "https://h", "/v2/a/b?q=1", id="rest"),
        pytest.param("/v1/{rest:path}", "https://h/v2/{rest}", "/v1/", "https://h", "/v2/", id="empty-rest"),
        pytest.param(
            "/v1/{rest:path}",
            "https://h/{rest}",
            "/v1/a%2Fb/%C3%A9+%7e",
            "https://h",
            "/a%2Fb/%C3%A9+%7e",
            id="as-it-came",
        ),
        pytest.param(
            "/{id}", "https://h/x/{id}/y", "/a%2Fb%3Fc", "https://h", "/x/a%2Fb%3Fc/y", id="segment-as-it-came"
        ),
        pytest.param(
            "/{id}.json", "https://h/{id}", "/a%2F%C3%A9%3F.json", "https://h", "/a%2F%C3%A9%3F", id="part-of-a-segment"
        ),
        pytest.param(
            "/pre-{a}", "https://h/p/{a}", "/pre-%7e%e4%zz", "https://h", "/p/%7e%e4%zz", id="part-as-it-came"
        ),
        pytest.param(
            "~^/re/(?P<x>.*)$",
            "https://h/re2/{x}",
            "/re/..%2f..%2fadmin",
            "https://h",
            "/re2/..%2f..%2fadmin",
            id="no-way-out",
        ),
        pytest.param(
            "~^/re/(?P<x>.*)$",
            "https://h/re2/{x}",
            "/re/..%2f%e2%82admin",
            "https://h",
            "/re2/..%2F%EF%BF%BDadmin",
            id="no-utf-8",
        ),
        pytest.param("/{a}-{b}", "https://h/{b}/{a}", "/x-y%20z", "https://h", "/y%20z/x", id="several"),
        pytest.param(
            "~^/(?P<a>[^/]+)/(?P<b>.*)", "https://h/{b}/{a}", "/x/y/z%20", "https://h", "/y/z%20/x", id="regex"
        ),
        pytest.param("~^/(?P<a>x)?", "https://h/{a}!", "/y", "https://h", "/!", id="group-without-a-match"),
        pytest.param(
            "/{id}",
            "https://h/{id}/%7Bid%7D/a b/é",
            "/1",
            "https://h",
            "/1/%7Bid%7D/a%20b/%C3%A9",
            id="written-plainly",
        ),
        pytest.param(
            "/{rest:path}", "https://h/a/{rest}", "/../../etc/%2e%2e/x", "https://h", "/a/x", id="dots-stay-inside"
        ),
    ],
)
async def test_a_request_goes_where_the_entry_says(
    tmp_path: Path, key: str, to: Any, request_path: str, origin: str | None, target: str | None
) -> None:
    forward = await forwarded(tmp_path, key, to, request_path)
    assert (forward.origin, forward.target) == (origin, target)
    assert await forwarded(tmp_path, key, {"to": to}, request_path) == forward if isinstance(to, str) else True


async def test_header_fields_are_set_removed_and_made_by_templates(tmp_path: Path) -> None:
    headers = {"Authorization": "Bearer {{ query.token }}", "X-Old": None, "X-Gone": "{{ none }}", "N": 1}
    forward = await forwarded(tmp_path, "/", {"headers": headers}, "/?token=t1")
    assert forward.request_headers.fields == ((b"Authorization", b"Bearer t1"), (b"N", b"1"))
    assert forward.request_headers.named == {b"authorization", b"x-old", b"x-gone", b"n"}
    constant = await forwarded(tmp_path, "/", {"to": "http://h", "headers": {"A": "1"}}, "/")
    assert (constant.origin, constant.request_headers.fields) == ("http://h", ((b"A", b"1"),))


async def test_a_header_that_comes_out_wrong_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(AnswerError, match=r"header A must be Latin-1, got .*; `\| urlencode` percent-encodes it"):
        await forwarded(tmp_path, "/", {"headers": {"A": "{{ query.a }}"}}, "/?a=%E2%82%AC")


async def test_templates_stay_text_where_they_are_off(tmp_path: Path) -> None:
    found = await Core(tmp_path, {"GET /": {"$forward": {"headers": {"A": "{{ 1 }}"}}}}).found()
    assert found is not None
    assert isinstance(found.outcome, Forward)
    assert found.outcome.request_headers.fields == ((b"A", b"{{ 1 }}"),)


@pytest.mark.parametrize(
    ("value", "error"),
    [
        pytest.param(False, f"{MUST_BE}false", id="false"),
        pytest.param({}, f"{MUST_BE}{{}}", id="empty"),
        pytest.param({"to": 1}, f"{MUST_BE}1", id="number"),
        pytest.param("/v2/{rest}", f'{MUST_BE}"/v2/{{rest}}"', id="path-alone"),
        pytest.param(
            {"too": "http://h"}, 'unknown key "too" in $forward, expected to or headers, did you mean "to"?', id="key"
        ),
        pytest.param(
            "https://{id}.h/",
            'a parameter of $forward stands in the path only, got "https://{id}.h/"',
            id="in-the-host",
        ),
        pytest.param(
            "https://h:{id}/",
            'a parameter of $forward stands in the path only, got "https://h:{id}/"',
            id="in-the-port",
        ),
        pytest.param(
            "https://h/?a={id}",
            'a parameter of $forward stands in the path only, got "https://h/?a={id}"',
            id="in-the-query",
        ),
        pytest.param(
            "https://h/{{ path.id }}",
            '$forward is never a template, got "https://h/{{ path.id }}"; {name} is a path parameter',
            id="template",
        ),
        pytest.param(
            "https://h/{ID}", '$forward names {ID}, which the URL key does not have, did you mean "id"?', id="parameter"
        ),
        pytest.param("https://h/{id:int}", 'a parameter of $forward is written {name}, got "{id:int}"', id="type"),
        pytest.param("https://h/{id", 'a parameter of $forward is written {name}, got "{"', id="open-brace"),
        pytest.param(
            "https://u:p@h/", '$forward names no user and password, got "https://u:p@h/"; headers may', id="user"
        ),
        pytest.param({"headers": []}, "$forward.headers must be an object of names and values, got []", id="headers"),
        pytest.param("https://h/#a", '$forward must have no fragment, got "https://h/#a"', id="fragment"),
        pytest.param("https://h:99999/", 'a port is a number from 1 to 65535, got "99999"', id="port"),
        pytest.param(
            {"headers": {"Content-Length": 1}},
            "Content-Length is computed from the answer and cannot be set",
            id="computed",
        ),
        pytest.param(
            {"headers": {"A": True}},
            'header A must be a string, a number, a list of them or null, got a boolean, did you mean "true"?',
            id="header",
        ),
    ],
)
def test_what_is_no_destination_is_told(value: Any, error: str) -> None:
    found = errors_of({"GET /{id}": {"$forward": value}})
    assert [e.partition("GET /{id}: ")[2] for e in found] == [error]
