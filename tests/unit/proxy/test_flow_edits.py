import pytest
from mitmproxy import http

from fakebackend.proxy.flow_edits import COMMENT
from fakebackend.proxy.flow_edits import comment
from fakebackend.proxy.flow_edits import kill
from fakebackend.proxy.flow_edits import origin_header
from fakebackend.proxy.flow_edits import request_line
from tests.answering import flow_of
from tests.conftest import http_flow


def test_a_comment_of_ours_follows_another_one_of_ours() -> None:
    flow = http_flow()
    for text in ("one", "two", "two", ""):
        comment(flow, text)
        assert flow.comment == flow.metadata[COMMENT] == text


@pytest.mark.parametrize("before", [None, "ours"], ids=["first", "instead-of-ours"])
def test_a_comment_of_the_user_stays(before: str | None) -> None:
    flow = http_flow()
    if before is not None:
        comment(flow, before)
    flow.comment = "mine"
    comment(flow, "ours again")
    assert (flow.comment, flow.metadata.get(COMMENT)) == ("mine", before)


def test_a_comment_that_the_user_has_taken_away_does_not_come_back() -> None:
    flow = http_flow()
    comment(flow, "ours")
    flow.comment = ""
    comment(flow, "ours again")
    assert flow.comment == ""


def test_a_comment_and_a_log_line_are_one_short_line_of_printable_text() -> None:
    flow = http_flow("GET", "/\x1b[31m\udcff" + "a" * 1000)
    comment(flow, f"no entry\n{flow.request.path}")
    for text in (flow.comment, request_line(flow)):
        assert text.isprintable()
        assert len(text) < 300
    assert request_line(flow).startswith(r"GET /\x1b[31m\udcffaaa")


def test_a_live_flow_is_ended_once() -> None:
    flow = http_flow()
    kill(flow)
    error = flow.error
    kill(flow)
    assert error is not None
    assert flow.error is error


def test_a_flow_that_cannot_be_ended_stays_as_it_is() -> None:
    flow = http_flow(live=False, answered=True)
    kill(flow)
    assert flow.error is None
    assert flow.response is not None


@pytest.mark.parametrize(
    ("fields", "origin"),
    [
        pytest.param([], None, id="none"),
        pytest.param([("Origin", "http://a")], "http://a", id="one"),
        pytest.param([("X-Origin", "x"), ("oRIGIN", "http://a")], "http://a", id="letter-case"),
        pytest.param([("Origin", ""), ("Origin", "http://a")], "", id="the-first"),
        pytest.param([("Origin", "é")], "Ã©", id="bytes-as-latin-1"),
    ],
)
def test_the_origin_of_a_page_is_what_its_header_says(fields: list[tuple[str, str]], origin: str | None) -> None:
    flow: http.HTTPFlow = flow_of(headers=fields)
    assert origin_header(flow) == origin
