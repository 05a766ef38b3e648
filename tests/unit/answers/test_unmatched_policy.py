import pytest

from fakebackend.answers.unmatched_policy import DEFAULT
from fakebackend.answers.unmatched_policy import UnmatchedPolicy
from fakebackend.answers.unmatched_policy import parse_unmatched


@pytest.mark.parametrize(
    ("text", "policy", "said"),
    [
        pytest.param(DEFAULT, UnmatchedPolicy(404), "answered 404, nothing is forwarded", id="default"),
        pytest.param("200", UnmatchedPolicy(200), "answered 200, nothing is forwarded", id="lowest"),
        pytest.param(" 599\n", UnmatchedPolicy(599), "answered 599, nothing is forwarded", id="highest-with-space"),
        pytest.param("forward", UnmatchedPolicy(None, forward=True), "forwarded to the real server", id="forward"),
        pytest.param("kill", UnmatchedPolicy(None), "killed, nothing is forwarded", id="kill"),
    ],
)
def test_a_policy_is_parsed_and_says_what_happens(text: str, policy: UnmatchedPolicy, said: str) -> None:
    assert parse_unmatched(text) == policy
    assert str(policy) == said


@pytest.mark.parametrize(
    "text", ["", "199", "600", "0404", "4040", "+44", "-40", "4.0", "٤٠٤", "Forward", "KILL", "no"]
)
def test_anything_else_is_refused_with_what_is_expected(text: str) -> None:
    with pytest.raises(ValueError, match='must be a status code from 200 to 599, "forward" or "kill", got') as caught:
        parse_unmatched(text)
    assert str(caught.value).endswith(f'got "{text}"')
