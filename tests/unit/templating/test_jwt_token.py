"""`jwt`: signed tokens."""

import time
from typing import Any

import jwt as pyjwt
import pytest

from fakebackend.templating.compile_templates import compile_templates
from fakebackend.templating.jwt_token import SECRET
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template import rendered
from tests.answering import context_for


def token(template: str) -> str:
    text = rendered(compile_templates(template), context_for(path="/?name=ann"))
    assert isinstance(text, str)
    return text


@pytest.mark.parametrize(
    ("template", "secret", "claims"),
    [
        pytest.param("{{ jwt({'sub': query.name}) }}", SECRET, {"sub": "ann"}, id="defaults"),
        pytest.param("{{ jwt({'sub': [1, none]}, secret='short') }}", "short", {"sub": [1, None]}, id="short-secret"),
        pytest.param("{{ jwt({}, 'x' * 64, 'HS512') }}", "x" * 64, {}, id="algorithm"),
        pytest.param("Bearer {{ jwt(query) }}", SECRET, {"name": "ann"}, id="in-text-from-the-request"),
    ],
)
@pytest.mark.filterwarnings("ignore:The HMAC key is")
def test_a_token_has_the_claims_and_is_signed(template: str, secret: str, claims: dict[str, Any]) -> None:
    text = token(template).removeprefix("Bearer ")
    options: Any = {"verify_sub": False}
    assert pyjwt.decode(text, secret, ["HS256", "HS512"], options=options) == claims


def test_dates_are_seconds() -> None:
    claims = pyjwt.decode(token("{{ jwt({'iat': now(), 'exp': now(hours=1)}) }}"), SECRET, ["HS256"])
    assert abs(claims["iat"] - time.time()) < 60
    assert claims["exp"] - claims["iat"] in (3600, 3601)


def test_our_own_filter_reads_what_was_signed() -> None:
    assert token("{{ (jwt({'sub': 'ann'}) | jwt_claims).sub }}") == "ann"


@pytest.mark.parametrize(
    ("template", "error"),
    [
        pytest.param("{{ jwt('ann') }}", "jwt takes an object of claims", id="no-object"),
        pytest.param("{{ jwt({}, 's', 'XX256') }}", "jwt: Algorithm not supported", id="algorithm"),
        pytest.param("{{ jwt({}, 7) }}", "jwt: ", id="secret"),
        pytest.param("{{ jwt({'a': now}) }}", "a function or namespace is no value", id="claims"),
    ],
)
def test_what_makes_no_token_is_an_error(template: str, error: str) -> None:
    with pytest.raises(RenderingError) as caught:
        token(template)
    assert error in str(caught.value)
