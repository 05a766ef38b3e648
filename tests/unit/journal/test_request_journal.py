import gzip
import hashlib
import json
from typing import Any

import pytest

from fakebackend.journal import request_journal
from fakebackend.journal.request_journal import ALL_BODIES
from fakebackend.journal.request_journal import LARGEST_BODY
from fakebackend.journal.request_journal import Recorded
from fakebackend.journal.request_journal import RequestJournal
from fakebackend.journal.request_journal import record
from fakebackend.messages.encoded_json import encoded_json
from fakebackend.proxy.flow_request import FlowRequest
from tests.answering import flow_of
from tests.conftest import given


def recorded(content: bytes = b"", path: str = "/") -> Recorded:
    return record(given(f"POST {path}", (), content))


def paths_in(journal: RequestJournal) -> list[str]:
    return [each.url.removeprefix("http://localhost") for each in journal.requests]


def kept_in(journal: RequestJournal) -> int:
    return sum(len(each.content or b"") for each in journal.requests)


@pytest.mark.parametrize(
    ("content", "body"),
    [
        pytest.param(b"", None, id="empty"),
        pytest.param(b"{}", {"text": "{}"}, id="text"),
        pytest.param("ü\0".encode(), {"text": "ü\0"}, id="utf-8"),
        pytest.param(b"\xff\xfe", {"base64": "//4="}, id="no-utf-8"),
        pytest.param(b"\xed\xa0\x80", {"base64": "7aCA"}, id="a-lone-surrogate"),
        pytest.param(b"x" * LARGEST_BODY, {"text": "x" * LARGEST_BODY}, id="just-fits"),
        pytest.param(
            b"x" * (LARGEST_BODY + 1),
            {"length": LARGEST_BODY + 1, "sha256": hashlib.sha256(b"x" * (LARGEST_BODY + 1)).hexdigest()},
            id="too-long",
        ),
    ],
)
def test_a_body_is_text_or_base64_or_length_and_hash(content: bytes, body: Any) -> None:
    data = recorded(content).as_data_with_body()
    assert data["body"] == body
    assert json.loads(json.dumps(data)) == data


@pytest.mark.parametrize(
    ("raw", "coding", "body"),
    [
        pytest.param(gzip.compress(b"hello"), "gzip", {"text": "hello"}, id="gzip"),
        pytest.param(gzip.compress(b""), "gzip", None, id="gzip-of-nothing"),
        pytest.param(
            gzip.compress(b"x" * 100_000),
            "gzip",
            {"length": 100_000, "sha256": hashlib.sha256(b"x" * 100_000).hexdigest()},
            id="long-only-when-it-is-decoded",
        ),
        pytest.param(b"no gzip", "gzip", None, id="wrong-gzip"),
    ],
)
def test_a_body_is_kept_with_its_content_coding_undone(raw: bytes, coding: str, body: Any) -> None:
    flow = flow_of("POST", headers={"Content-Encoding": coding}, body=raw)
    flow.request.raw_content = raw
    assert record(FlowRequest(flow)).as_data_with_body()["body"] == body


def test_a_body_that_is_streamed_is_none() -> None:
    flow = flow_of("POST")
    flow.request.raw_content = None
    assert record(FlowRequest(flow)).as_data_with_body()["body"] is None


def test_the_request_is_kept_as_it_came() -> None:
    flow = flow_of("P\x1bT", "/a\udc80\x07", headers=[("X-A", "1"), ("X-A", "2\udcff\t3")])
    data = record(FlowRequest(flow)).as_data_with_body()
    assert (data["method"], data["url"]) == ("P\x1bT", "http://api.example.com/a\udc80\x07")
    assert data["headers"] == [["Host", "api.example.com"], ["X-A", "1"], ["X-A", "2\udcff\t3"]]
    assert (data["status"], data["entry"], data["explanation"], data["body"]) == (None, None, None, None)
    assert json.loads(encoded_json(data)) == data


def test_without_bodies_neither_headers_nor_body_are_told() -> None:
    assert recorded(b"secret").as_data() == {
        "method": "POST", "url": "http://localhost/", "status": None, "entry": None, "explanation": None,
    }  # fmt: skip


def test_of_very_long_heads_the_oldest_requests_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_journal, "ALL_HEADS", 100_000)
    journal = RequestJournal(1_000)
    for number in range(10):
        journal.add(record(given(f"GET /{number}{'x' * 10_000}", [("A", "y" * 20_000)], b"z")))
    assert [each.url.removeprefix("http://localhost")[:2] for each in journal.requests] == ["/7", "/8", "/9"]
    assert {len(each.headers[-1][1]) for each in journal.requests} == {20_000}
    journal.reset()
    journal.add(recorded(path="/new"))
    assert paths_in(journal) == ["/new"]


def test_what_is_forgotten_is_forgotten_once() -> None:
    kept = recorded(b"x")
    kept.forget_content()
    digest = kept.digest
    kept.forget_content()
    assert (kept.digest, kept.content, kept.length) == (digest, None, 1)


# The journal


def test_the_last_requests_are_kept_the_oldest_first() -> None:
    journal = RequestJournal(2)
    for path in ("/1", "/2", "/3"):
        journal.add(recorded(b"x", path))
    assert (paths_in(journal), kept_in(journal), journal._kept) == (["/2", "/3"], 2, 2)


def test_a_journal_of_nothing_keeps_nothing() -> None:
    journal = RequestJournal()
    journal.add(recorded(b"x"))
    assert (journal.requests, journal._kept) == ((), 0)


def test_of_twenty_thousand_requests_a_thousand_are_kept() -> None:
    journal = RequestJournal(1_000)
    for number in range(20_000):
        journal.add(recorded(b"x" * (number % 3), f"/{number}"))
    assert paths_in(journal) == [f"/{number}" for number in range(19_000, 20_000)]
    assert len(journal._with_content) == sum(bool(each.content) for each in journal.requests)
    assert journal._kept == kept_in(journal)


@pytest.mark.parametrize("size", [0, 1, 3, 10, 11, 1_000])
def test_a_full_journal_can_be_resized(size: int) -> None:
    journal = RequestJournal(10)
    for number in range(15):
        journal.add(recorded(b"xy" * (number % 2), f"/{number}"))
    journal.resize(size)
    assert paths_in(journal) == [f"/{number}" for number in range(5, 15)][-size:] * bool(size)
    journal.add(recorded(b"z", "/z"))
    assert len(journal.requests) == min(size, 11)
    assert journal._kept == kept_in(journal)
    journal.resize(0)
    assert (journal._kept, journal._with_content, journal.requests) == (0, type(journal._with_content)(), ())


def test_bodies_are_bounded_together_and_the_oldest_are_forgotten_first() -> None:
    journal = RequestJournal(10_000)
    fit = ALL_BODIES // LARGEST_BODY
    for number in range(fit + 2):
        journal.add(recorded(b"x" * LARGEST_BODY, f"/{number}"))
        journal.add(recorded())
        journal.add(recorded(b"y" * (LARGEST_BODY + 1)))
    bodies = [each for each in journal.requests if each.length == LARGEST_BODY]
    assert [each.content is None for each in bodies] == [True, True, *[False] * fit]
    assert bodies[0].as_data_with_body()["body"]["length"] == LARGEST_BODY
    assert kept_in(journal) == journal._kept == ALL_BODIES
    journal.resize(3 * (fit - 1))
    assert kept_in(journal) == journal._kept == (fit - 1) * LARGEST_BODY


def test_a_body_larger_than_all_together_is_forgotten_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_journal, "ALL_BODIES", 3)
    journal = RequestJournal(2)
    journal.add(recorded(b"1"))
    journal.add(recorded(b"1234"))
    assert [each.content for each in journal.requests] == [None, None]
    assert journal._kept == 0


def test_a_reset_keeps_the_size() -> None:
    journal = RequestJournal(2)
    for _ in range(3):
        for path in ("/1", "/2", "/3"):
            journal.add(recorded(b"x", path))
        assert (paths_in(journal), journal._kept) == (["/2", "/3"], 2)
        journal.reset()
        assert (journal.requests, journal._kept, journal.size) == ((), 0, 2)
