from typing import Any

import pytest

from fakebackend.table.answered_by import AnsweredBy
from fakebackend.table.answered_by import noted
from fakebackend.table.match import PassedOver
from tests.conftest import table_of

[PLAIN] = table_of({"GET /a": 1})
[NAMED] = table_of({"GET /a": {"$name": "ok", "$body": 1}})
[ANY] = table_of({"* /a": 1})


@pytest.mark.parametrize(
    ("who", "comment", "in_log"),
    [
        pytest.param(AnsweredBy(PLAIN), "GET /a (responses.json:1)", "/a (responses.json:1)", id="entry"),
        pytest.param(AnsweredBy(ANY), "* /a (responses.json:1)", "* /a (responses.json:1)", id="other-method"),
        pytest.param(AnsweredBy(NAMED), 'GET /a "ok" (responses.json:1)', '/a (responses.json:1, "ok")', id="named"),
        pytest.param(
            AnsweredBy(NAMED, ('case 2 "gone"',)),
            'GET /a "ok" (responses.json:1), case 2 "gone"',
            '/a (responses.json:1, "ok", case 2 "gone")',
            id="case",
        ),
        pytest.param(
            AnsweredBy(PLAIN, (), " forwarded"),
            "GET /a (responses.json:1) forwarded",
            "/a (responses.json:1) forwarded",
            id="forwarded",
        ),
        pytest.param(noted("no entry; nearest GET /b"), *["no entry; nearest GET /b"] * 2, id="note"),
        pytest.param(noted("no entry; nearest GET /b", "no entry"), "no entry; nearest GET /b", "no entry", id="brief"),
    ],
)
def test_who_has_answered_is_told_in_two_ways(who: Any, comment: str, in_log: str) -> None:
    assert (who.comment(), who.in_access_log("GET")) == (comment, in_log)


def test_a_comment_says_what_was_passed_over() -> None:
    skipped = [PassedOver(NAMED, "one thing"), PassedOver(ANY, "another")]
    assert AnsweredBy(PLAIN).comment(skipped) == (
        'GET /a (responses.json:1); skipped GET /a "ok": one thing; * /a: another'
    )
