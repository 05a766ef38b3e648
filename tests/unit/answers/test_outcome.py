from collections.abc import Awaitable

import pytest

from fakebackend.answers.outcome import UNSET
from fakebackend.answers.outcome import Fault
from fakebackend.answers.outcome import Forward
from fakebackend.answers.outcome import Outcome
from fakebackend.messages.canned_response import CannedResponse
from fakebackend.messages.canned_response import canned_response
from fakebackend.messages.header_fields import HeaderFields
from fakebackend.messages.prefer import Preference

RESPONSE = canned_response(404, b"x")
FORWARD = Forward("https://h", UNSET, HeaderFields(), {"a": 1})

ALL = [
    pytest.param(RESPONSE, id="response"),
    pytest.param(Fault.CLOSE, id="close"),
    pytest.param(Fault.HANG, id="hang"),
    pytest.param(FORWARD, id="forward"),
]


class NotingFront:
    """Notes what it is told to do, and never has to wait."""

    def __init__(self) -> None:
        self.done: list[object] = []

    def respond(self, response: CannedResponse) -> Awaitable[None] | None:
        self.done.append(response)
        return None

    def close(self) -> Awaitable[None] | None:
        self.done.append(Fault.CLOSE)
        return None

    def reset(self) -> Awaitable[None] | None:
        self.done.append(Fault.RESET)
        return None

    def hang(self) -> Awaitable[None] | None:
        self.done.append(Fault.HANG)
        return None

    def forward(self, forward: Forward) -> Awaitable[None] | None:
        self.done.append(forward)
        return None


@pytest.mark.parametrize("outcome", ALL)
def test_an_outcome_has_the_front_do_just_that(outcome: Outcome) -> None:
    front = NotingFront()
    assert outcome.perform(front) is None
    assert front.done == [outcome]


@pytest.mark.parametrize("outcome", [Fault.CLOSE, Fault.HANG, FORWARD], ids=["close", "hang", "forward"])
def test_a_fault_and_a_real_answer_say_nothing_of_a_preference(outcome: Outcome) -> None:
    assert outcome.preferred(Preference(example="x")) is outcome


def test_a_response_says_by_what_it_was_preferred() -> None:
    preferred = RESPONSE.preferred(Preference(404, "x y"))
    assert preferred == RESPONSE.with_fields((b"Preference-Applied", b'code=404, example="x y"'))


@pytest.mark.parametrize(
    ("outcome", "summary", "canned"),
    [
        pytest.param(RESPONSE, " 404", True, id="response"),
        pytest.param(Fault.CLOSE, " $fault: close", True, id="close"),
        pytest.param(Fault.HANG, " $fault: hang", True, id="hang"),
        pytest.param(FORWARD, " forwarded", False, id="forward"),
    ],
)
def test_an_outcome_knows_what_is_said_of_it_and_whether_it_is_the_files_own(
    outcome: Outcome, summary: str, canned: bool
) -> None:
    assert (outcome.summary(), outcome.is_canned) == (summary, canned)
