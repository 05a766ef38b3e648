import pytest

from fakebackend.state.sessions import SESSION_COOKIE
from fakebackend.state.sessions import has_live_session
from fakebackend.state.sessions import session_of
from tests.conftest import given


@pytest.mark.parametrize(
    ("cookies", "live"),
    [
        pytest.param([], False, id="no-cookie"),
        pytest.param(["SESSION=one"], True, id="live"),
        pytest.param(['SESSION="two"'], True, id="in-quotes"),
        pytest.param(["SESSION=three"], False, id="ended-or-never-begun"),
        pytest.param(["SESSION="], False, id="empty"),
        pytest.param(["session=one"], False, id="case-of-the-name-counts"),
        pytest.param(["SESSION=ONE"], False, id="case-of-the-token-counts"),
        pytest.param(["other=one"], False, id="another-cookie"),
        pytest.param(["SESSION=three; a=b; SESSION=two"], True, id="any-of-several-in-a-field"),
        pytest.param(["SESSION=three", "SESSION=one"], True, id="any-of-several-fields"),
    ],
)
def test_a_session_is_live_if_any_of_its_cookies_holds_a_live_token(cookies: list[str], live: bool) -> None:
    request = given("GET /", [("Cookie", cookie) for cookie in cookies])
    assert has_live_session(request, {"one", "two"}) is live


@pytest.mark.parametrize(
    ("cookies", "session"),
    [
        pytest.param([], None, id="none"),
        pytest.param(["SESSION=three"], None, id="ended"),
        pytest.param(["SESSION=three; SESSION=one"], {"user": "ann"}, id="live"),
        pytest.param(["SESSION=two"], {"user": None}, id="of-nobody"),
    ],
)
def test_a_session_knows_its_user(cookies: list[str], session: dict[str, str | None] | None) -> None:
    request = given("GET /", [("Cookie", cookie) for cookie in cookies])
    assert session_of(request, {"one": "ann", "two": None}) == session


def test_where_nobody_is_logged_in_no_session_is_live() -> None:
    assert not has_live_session(given("GET /", [("Cookie", f"{SESSION_COOKIE}=one")]), set())
